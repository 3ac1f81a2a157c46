import { ActorRuntime } from 'moonpool';
import { KeyedRolls } from '../../../lib/simulation/random/keyed-rolls';
import { Xoshiro128 } from '../../../lib/simulation/random/xoshiro128';
import { WitnessCapture } from '../../../lib/simulation/workloads/witness-capture';
import { Asker } from '../chaos/asker';
import { List, Register } from '../chaos/chaos-actors';
import { chaosParts, type ChaosSetting } from '../chaos/chaos-setting';
import { HistoryFile } from '../chaos/history-file';
import { Desk } from './kill-node';

/** As by default, in milliseconds. */
export const LEASE_MS = 10_000;

/** What a node is given, as JSON, by its only argument. */
export interface KillOrder {
  readonly name: string;
  /** The name with the number of its life. */
  readonly life: string;
  readonly seed: number;
  readonly setting: ChaosSetting;
  readonly listen: string;
  readonly historyFile: string;
  /** When the campaign began, by the clock of the machine. */
  readonly startedAt: number;
}

/** What nodes and whoever measures are given alike: all that a user would not say is as it is by default, but for the secret of the campaign. */
export function killParts(name: string, setting: ChaosSetting, witnesses: WitnessCapture) {
  const { namespace, security, modules } = chaosParts(name, setting, witnesses);
  return { namespace, name, security, actors: [List, Register, Desk], ...(modules === undefined ? {} : { modules }) };
}

/** A node that asks for something all the time, until it is killed, or told to rest. */
async function main(): Promise<void> {
  const order = JSON.parse(process.argv[2] ?? '') as KillOrder;
  const { name, life, seed, setting, listen, historyFile, startedAt } = order;
  const witnesses = new WitnessCapture();
  const runtime = await ActorRuntime.start({ ...killParts(name, setting, witnesses), listen, inProcess: false });
  const file = new HistoryFile(historyFile);
  const random = new Xoshiro128(new KeyedRolls(seed).word('asker', life));
  const asker = new Asker({ runtime, witnesses, file, random, client: name, life, startedAt });
  process.on('message', () => void asker.end().then(() => process.send?.('resting')));
  process.once('disconnect', () => process.exit(2));
  process.send?.('ready');
  const { description } = await runtime.terminated;
  process.stderr.write(`${description}\n`);
  process.exit(1);
}

if (require.main === module)
  main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
    process.exit(1);
  });
