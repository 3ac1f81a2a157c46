import { setTimeout as sleep } from 'node:timers/promises';
import type { RandomProvider } from 'moonpool';
import { ERROR_CATALOGUE } from '../../lib/errors/catalogue';
import type { Acknowledgements } from './acknowledgements';
import type { Bed } from './bed';
import type { LoopDisk } from './loop-disk';
import { Load } from './load';
import { GONE } from './node-process';

/** How long a client may write before something happens, in milliseconds. */
const MOST_WRITTEN_MS = 600;
/** How long it writes to a disk that takes nothing more, at most, and how long until it is acknowledged something again. */
const TROUBLE_MS = 10_000;
const RECOVERY_MS = 30_000;

/** What happens in the midst of a load; it ends with all processes killed and the database ready for a new node. */
export interface RoundParts {
  readonly bed: Bed;
  readonly log: Acknowledgements;
  readonly random: RandomProvider;
  /** Begins the keys of this round. */
  readonly name: string;
}

export type Round = (parts: RoundParts) => Promise<Load>;

export const ROUNDS = {
  /** `kill -9` of the node. */
  node: (parts) =>
    underLoad(parts, async ({ bed }) => {
      await bed.node.kill();
    }),
  /** `kill -9` of all processes of the server, while the node lives on. */
  server: (parts) =>
    underLoad(parts, async ({ bed, random }, load) => {
      await bed.server?.killAll();
      await sleep(random.below(200));
      await bed.startServer();
      await sleep(random.below(300));
      await load.end();
      await bed.node.kill();
    }),
  /** The power of the disk, the server and the node. */
  power: (parts) =>
    underLoad(parts, async ({ bed }, load) => {
      const disk = diskOf(bed);
      load.cut();
      disk.cut();
      await startAnew(bed, disk);
    }),
  /** A disk without room: errors have a code, and the same node goes on when there is room, or has ended and is started again. */
  full: (parts) =>
    underLoad(parts, async ({ bed }, load) => {
      const disk = diskOf(bed);
      disk.fill();
      await until(TROUBLE_MS, () => load.failures.size > 0);
      await sleep(500);
      disk.free();
      if (load.failures.size === 0) throw new Error('The disk was full, and nothing failed');
      if (bed.server?.isUp === false) await bed.startServer();
      const before = load.acknowledged;
      await until(RECOVERY_MS, () => load.acknowledged > before || !bed.node.isUp);
      if (load.acknowledged === before && bed.node.isUp)
        throw new Error(`There is room again, and nothing is acknowledged: ${bed.node.said}`);
      await load.end();
      await bed.node.kill();
    }),
  /** A file system that has become read-only, as it does after an error. */
  readOnly: (parts) =>
    underLoad(parts, async ({ bed }, load) => {
      const disk = diskOf(bed);
      load.cut();
      disk.makeReadOnly();
      await until(TROUBLE_MS, () => load.failures.size > 0);
      await sleep(500);
      if (load.failures.size === 0) throw new Error('The file system was read-only, and nothing failed');
      await startAnew(bed, disk);
    }),
} satisfies Record<string, Round>;

export type RoundName = keyof typeof ROUNDS;

async function underLoad(parts: RoundParts, happens: (parts: RoundParts, load: Load) => Promise<void>): Promise<Load> {
  const { bed, log, random, name } = parts;
  const load = new Load(bed.node, log, random, name);
  try {
    // What happens before anything is acknowledged shows nothing, and on a machine with much to do that may last.
    await until(TROUBLE_MS, () => load.acknowledged > 0);
    await sleep(random.below(MOST_WRITTEN_MS));
    await happens(parts, load);
  } finally {
    // Whatever happened, nobody waits for answers of a node that is gone.
    await bed.node.kill();
    await load.end();
  }
  requireTyped(load);
  return load;
}

async function startAnew(bed: Bed, disk: LoopDisk): Promise<void> {
  await bed.killAll();
  await disk.remount();
  await bed.startServer();
}

function diskOf({ disk }: Bed): LoopDisk {
  if (disk === undefined) throw new Error('This round needs a disk of its own');
  return disk;
}

/** Whatever becomes of a store, callers get errors that this project names. */
function requireTyped({ failures }: Load): void {
  const unknown = [...failures.keys()].filter((code) => code !== GONE && !(code in ERROR_CATALOGUE));
  if (unknown.length > 0) throw new Error(`Callers got errors without a code of the catalogue: ${unknown.join(', ')}`);
}

async function until(limitMs: number, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + limitMs; !holds() && Date.now() < end;) await sleep(20);
}
