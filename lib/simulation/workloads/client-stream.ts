import type { RandomProvider } from '../../providers/random-provider';
import { KeyedRolls } from '../random/keyed-rolls';
import { Xoshiro128 } from '../random/xoshiro128';

/** The randomness of one client of a workload: what the seed says, in every world the same. */
export function clientStream(seed: number, workload: string, client: number): RandomProvider {
  return new Xoshiro128(new KeyedRolls(seed).word('workload', `${workload} ${client}`));
}
