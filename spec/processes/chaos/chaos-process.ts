import { ActorRuntime } from 'moonpool';
import { KeyedRolls } from '../../../lib/simulation/random/keyed-rolls';
import { Xoshiro128 } from '../../../lib/simulation/random/xoshiro128';
import { WitnessCapture } from '../../../lib/simulation/workloads/witness-capture';
import { Asker } from './asker';
import { chaosParts, type ChaosSetting } from './chaos-setting';
import { HistoryFile } from './history-file';
import { setWallClock } from './settable-clock';

/** What a process is given, as JSON, by its only argument. */
export interface ProcessOrder {
  readonly name: string;
  /** The name with the number of its life. */
  readonly life: string;
  readonly seed: number;
  readonly setting: ChaosSetting;
  /** Where a node listens, and where the others reach it. Undefined: a client. */
  readonly place?: { readonly listen: string; readonly advertise: string };
  /** How wrong its wall clock is when it begins, in milliseconds. */
  readonly clockOffsetMs: number;
  /** The file of its history. */
  readonly historyFile: string;
  /** When the campaign began, by the clock of the machine. */
  readonly startedAt: number;
}

/** What it is told: to ask for nothing more, or how wrong its wall clock is from now on, in milliseconds. */
export type ToProcess = 'rest' | { readonly clockOffsetMs: number };
/** What it says: that it has begun, and that nothing of what it asked for is under way any more. */
export type FromProcess = 'ready' | 'resting';

/** A node or a client, which asks for something all the time, until it is told to rest or ends. */
async function main(): Promise<void> {
  const order = JSON.parse(process.argv[2] ?? '') as ProcessOrder;
  const { name, life, seed, setting, place, startedAt } = order;
  setWallClock(order.clockOffsetMs);
  const witnesses = new WitnessCapture();
  const parts = chaosParts(name, setting, witnesses);
  const runtime = await (place === undefined
    ? ActorRuntime.connect(parts)
    : ActorRuntime.start({ ...parts, ...place }));
  const file = new HistoryFile(order.historyFile);
  const random = new Xoshiro128(new KeyedRolls(seed).word('asker', life));
  const asker = new Asker({
    runtime,
    witnesses,
    file,
    random,
    leastTimeoutMs: setting.leastTimeoutMs,
    client: name,
    life,
    startedAt,
  });
  let rested: Promise<void> | undefined;
  const say = (message: FromProcess) => process.send?.(message);
  process.on('message', (message: ToProcess) => {
    if (message === 'rest') void asker.end().then(() => say('resting'));
    else setWallClock(message.clockOffsetMs);
  });
  // Whoever ends in order asks for nothing new; what is under way is answered while the node ends.
  process.once('SIGTERM', () => {
    rested = asker.end();
    void runtime.shutdown();
  });
  // Ctrl-C reaches the whole group of processes; the parent decides when they end.
  process.on('SIGINT', () => undefined);
  // Without its parent nobody would ever stop this process.
  process.once('disconnect', () => process.exit(2));
  say('ready');
  const { reason, description } = await runtime.terminated;
  if (reason !== 'shutdown') process.stderr.write(`${description}\n`);
  await rested;
  process.exit(reason === 'shutdown' ? 0 : 1);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(1);
});
