import type { RollSequence } from '../../random/keyed-rolls';

/** A number from `low`, which is above 0, to `high`, of every magnitude equally often. */
export function alongScale(rolls: RollSequence, low: number, high: number): number {
  return low * (high / low) ** rolls.fraction();
}
