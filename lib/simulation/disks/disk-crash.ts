import type { RollSequence } from '../random/keyed-rolls';

/** What a loss of power does to what was not synced. Probabilities are 0 to 1. */
export interface DiskCrashFaults {
  /** How often a file comes through unharmed. */
  readonly cleanProbability: number;
  /** How often everything that was not synced is lost. */
  readonly lostProbability: number;
  /** How often the last sectors that were written are lost, and none before them. */
  readonly rollbackProbability: number;
  /** How many sectors that are at most. */
  readonly rollbackSectors: number;
  /** How often a sector that held nothing durable cannot be read any more, until it is written again. */
  readonly latentFaultProbability: number;
}

/** How much of one unsynced sector has reached the disk: all, nothing, or the first part. */
export type SectorFate = 'kept' | 'lost' | 'torn';

const APART: readonly SectorFate[] = ['kept', 'lost', 'torn'];

/**
 * The fate of each unsynced sector of one file, in the order in which they were written. What is neither lost as a whole
 * nor rolled back is decided for each sector apart, as a disk writes in an order of its own.
 */
export function fatesOfSectors(count: number, faults: DiskCrashFaults, rolls: RollSequence): readonly SectorFate[] {
  const { cleanProbability, lostProbability, rollbackProbability, rollbackSectors } = faults;
  const all = (fate: SectorFate) => Array.from({ length: count }, () => fate);
  if (!rolls.strikes(1 - cleanProbability)) return all('kept');
  const manner = rolls.manner();
  const share = manner.fraction() * (1 - cleanProbability);
  rolls.tells({ of: count });
  if (share < lostProbability) return all('lost');
  if (share >= lostProbability + rollbackProbability) return all('kept').map(() => manner.pick(APART));
  const kept = Math.max(0, count - 1 - manner.below(rollbackSectors));
  return all('kept').map((fate, index) => (index < kept ? fate : 'lost'));
}
