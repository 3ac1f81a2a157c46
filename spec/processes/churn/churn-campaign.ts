import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ActorRuntime, isMoonpoolError } from 'moonpool';
import { Pebble } from './churn-actors';
import { churnModules } from './churn-node';

/** How many calls are under way at a time. */
const TOGETHER = 256;
const NODES = 5;
/** How long an actor that gives no answer is left alone, in milliseconds. */
const PAUSE_MS = 20;

/** How long actors gave no answer, in milliseconds, in one phase of a run. */
interface Phase {
  readonly name: string;
  readonly waits: number[];
}

/**
 * Many activations on five real nodes, while another node joins and one is killed: `npm run chaos:churn`. Every actor is asked again and again; reported is, as a distribution, how long each was asked
 * until it answered. What depends on the load of the machine is told by the phase in which nothing happens.
 */
class Churn {
  private readonly children = new Map<string, ChildProcess>();
  private readonly folder = mkdtempSync(join(tmpdir(), 'moonpool-churn-'));
  private readonly database = join(this.folder, 'churn.db');
  /** Where each actor has answered last. */
  private readonly places: string[] = [];

  constructor(
    private readonly count: number,
    private readonly directory: string,
    private readonly phaseMs: number,
  ) {}

  async run(): Promise<void> {
    try {
      await Promise.all(Array.from({ length: NODES }, (_, index) => this.launch(`n${index + 1}`)));
      const client = await ActorRuntime.connect({
        namespace: 'churn',
        actors: [Pebble],
        messaging: { locationCacheCapacity: this.count },
        modules: churnModules(this.database, this.directory),
      });
      await this.measure(client);
      await client.shutdown();
    } finally {
      for (const child of this.children.values()) child.kill('SIGKILL');
      rmSync(this.folder, { recursive: true, force: true });
    }
  }

  private async measure(client: ActorRuntime): Promise<void> {
    const begin = performance.now();
    const first: Phase = { name: 'first calls', waits: [] };
    let next = 0;
    await this.askAll(client, first, () => (next < this.count ? next++ : undefined));
    print(
      `${this.count} actors, directory ${this.directory}: first calls in ${inSeconds(performance.now() - begin)}, ${this.spread()}`,
    );
    const calm = await this.phase(client, 'nothing happens');
    const joining = this.phase(client, 'a node joins');
    await this.launch(`n${NODES + 1}`);
    await joining;
    const victims = new Set([...this.places.keys()].filter((key) => this.places[key] === 'n1'));
    const dying: Phase = { name: `kill -9: ${this.count - victims.size} actors of others`, waits: [] };
    const ofVictim: Phase = { name: `kill -9: ${victims.size} actors of the dead node`, waits: [] };
    const over = this.until(this.phaseMs);
    const asked = this.askAll(
      client,
      dying,
      () => (over() ? undefined : this.random()),
      (key) => (victims.has(key) ? ofVictim : dying),
    );
    this.children.get('n1')?.kill('SIGKILL');
    await asked;
    // Each of them once, whether or not chance has met it.
    const rest = [...victims].filter((key) => this.places[key] === 'n1');
    await this.askAll(client, ofVictim, () => rest.pop());
    for (const phase of [first, calm, await joining, dying, ofVictim]) print(describe(phase));
    print(`afterwards ${this.spread()}`);
  }

  /** Asks actors at random for a while. */
  private async phase(client: ActorRuntime, name: string): Promise<Phase> {
    const phase: Phase = { name, waits: [] };
    const over = this.until(this.phaseMs);
    await this.askAll(client, phase, () => (over() ? undefined : this.random()));
    return phase;
  }

  private async askAll(
    client: ActorRuntime,
    phase: Phase,
    nextKey: () => number | undefined,
    phaseOf: (key: number) => Phase = () => phase,
  ): Promise<void> {
    const worker = async (): Promise<void> => {
      for (let key = nextKey(); key !== undefined; key = nextKey())
        phaseOf(key).waits.push(await this.ask(client, key));
    };
    await Promise.all(Array.from({ length: TOGETHER }, worker));
  }

  /** Asks until there is an answer. Resolves to how long that took. */
  private async ask(client: ActorRuntime, key: number): Promise<number> {
    const begin = performance.now();
    for (;;) {
      try {
        this.places[key] = await client.actor(Pebble, `p${key}`).where();
        return performance.now() - begin;
      } catch (error) {
        if (!isMoonpoolError(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
      }
    }
  }

  private random(): number {
    return Math.floor(Math.random() * this.count);
  }

  private until(ms: number): () => boolean {
    const end = performance.now() + ms;
    return () => performance.now() > end;
  }

  private spread(): string {
    const counts = new Map<string, number>();
    for (const place of this.places) counts.set(place, (counts.get(place) ?? 0) + 1);
    return [...counts]
      .sort()
      .map(([node, count]) => `${node} ${count}`)
      .join(', ');
  }

  private async launch(name: string): Promise<void> {
    const args = ['--name', name, '--database', this.database, '--directory', this.directory];
    const child = fork(join(__dirname, 'churn-node.js'), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    this.children.set(name, child);
    const ended = once(child, 'exit').then(() => undefined);
    if ((await Promise.race([once(child, 'message'), ended])) === undefined)
      throw new Error(`The node ${name} ended before it was ready`);
  }
}

function describe({ name, waits }: Phase): string {
  const sorted = waits.sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0).toFixed(0);
  return `${name}: ${sorted.length} answers; asked for 50 % ${at(0.5)} ms, 90 % ${at(0.9)}, 99 % ${at(0.99)}, 99.9 % ${at(0.999)}, longest ${at(1)}`;
}

function inSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

const HELP = `npm run chaos:churn -- [--actors N] [--directory partitioned|stored] [--seconds S]

Asks many actors on five node processes again and again while a sixth joins and one is killed, and says for how long each gave no answer.

  --actors     how many; 100000 by default
  --directory  whether the nodes keep it among themselves, which is the default, or the store does
  --seconds    how long each phase lasts; 15 by default`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      actors: { type: 'string', default: '100000' },
      directory: { type: 'string', default: 'partitioned' },
      seconds: { type: 'string', default: '15' },
      help: { type: 'boolean', default: false },
    },
  });
  const { directory } = values;
  const [actors, seconds] = [Number(values.actors), Number(values.seconds)];
  const isDirectory = directory === 'partitioned' || directory === 'stored';
  if (values.help || !isDirectory || !Number.isInteger(actors) || actors < 1 || !(seconds > 0)) {
    print(HELP);
    process.exitCode = values.help ? 0 : 1;
    return;
  }
  await new Churn(actors, directory, seconds * 1_000).run();
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exitCode = 1;
});
