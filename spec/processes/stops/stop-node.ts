import { parseArgs } from 'node:util';
import {
  Actor,
  ActorRuntime,
  ActorState,
  Handler,
  Persist,
  RandomProvider,
  sqlite,
  type ContainerModule,
} from 'moonpool';
import { LocalPlacement, PlacementStrategy, RandomPlacement } from 'moonpool/modules';
import { openSqlite } from '../../../lib/engines/sqlite/sqlite-driver';

/** What a node says of its load since it was last asked. */
export interface LoadReport {
  /** Writes that were acknowledged. */
  readonly written: number;
  /** The longest time without any, in milliseconds. */
  readonly longestGapMs: number;
  /** Calls that failed, by code. */
  readonly failures: Readonly<Record<string, number>>;
}

/** What a node is given: to report, or to take the lock of one of its files and stand still with it. */
export type StopCommand = 'report' | 'hold the states' | 'hold the members';

/** How many actors a node writes at a time, and how often each is another one. */
const WRITERS = 16;
const WRITES_OF_ONE = 25;

class Count {
  value = 0;
}

@Actor({ name: 'Counter' })
class Counter {
  @Persist(Count) private readonly count!: ActorState<Count>;
  @Handler({ timeoutMs: 30_000 }) async add(): Promise<number> {
    this.count.value.value++;
    await this.count.persist();
    return this.count.value.value;
  }
}

/** The actors of a node live where they are called, so that what stops one node is seen by the others only through what they share. */
const atHome: ContainerModule = {
  name: 'at-home',
  load: (bind) =>
    bind(PlacementStrategy).toFactory([RandomProvider], (random) => new LocalPlacement(new RandomPlacement(random))),
};

/** Writes without end, and keeps count. */
class Writers {
  private written = 0;
  private lastAt = performance.now();
  private longestGapMs = 0;
  private failures: Record<string, number> = {};

  constructor(private readonly node: ActorRuntime) {
    for (let writer = 0; writer < WRITERS; writer++) void this.write(writer);
  }

  report(): LoadReport {
    this.noteGap();
    const { written, longestGapMs, failures } = this;
    [this.written, this.longestGapMs, this.failures] = [0, 0, {}];
    return { written, longestGapMs, failures };
  }

  private async write(writer: number): Promise<void> {
    for (let count = 0; ; count++) {
      try {
        await this.node.actor(Counter, `${this.node.node.name}-${writer}-${Math.floor(count / WRITES_OF_ONE)}`).add();
        this.written++;
        this.noteGap();
        this.lastAt = performance.now();
      } catch (error) {
        const { code = 'none' } = error as { readonly code?: string };
        if (code === 'RUNTIME_NOT_READY') return;
        this.failures[code] = (this.failures[code] ?? 0) + 1;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  private noteGap(): void {
    this.longestGapMs = Math.max(this.longestGapMs, performance.now() - this.lastAt);
  }
}

/** A node under load, as a process that can be stopped at any moment. */
async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      name: { type: 'string' },
      database: { type: 'string' },
      lease: { type: 'string' },
      'leave-locks': { type: 'boolean' },
    },
  });
  const { name = '', database = '', lease = '3000' } = values;
  const store = sqlite({ file: database, endStoppedHolders: values['leave-locks'] !== true });
  const node = await ActorRuntime.start({
    namespace: 'stops',
    name,
    actors: [Counter],
    modules: [store, atHome],
    lease: { ttlMs: Number(lease) },
  });
  const writers = new Writers(node);
  process.on('message', (command: StopCommand) => {
    if (command === 'report') process.send?.(writers.report());
    else hold(command === 'hold the states' ? database : `${database}-cluster`);
  });
  process.once('SIGTERM', () => void node.shutdown());
  process.once('disconnect', () => process.exit(2));
  process.send?.('ready');
  const { reason, description } = await node.terminated;
  process.stderr.write(`${description}\n`);
  process.exit(reason === 'shutdown' ? 0 : 1);
}

/** Takes the lock as a transaction does, and is stopped before it ends. */
function hold(file: string): void {
  openSqlite(file, 5_000).exec('BEGIN IMMEDIATE');
  process.kill(process.pid, 'SIGSTOP');
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
