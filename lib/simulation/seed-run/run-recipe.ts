import type { Reseed } from '../engine/reseed';

/** All that one run is made from, besides the test: the same recipe gives the same run. Plain data. */
export interface RunRecipe {
  readonly seed: number;
  /** Where the run turns from the way of its seed. Default: nowhere. */
  readonly reseeds?: readonly Reseed[];
  /** Names of the faults that strike, these and no others. Default: what the seed says. */
  readonly only?: readonly string[];
  /** Names of faults that do not strike. Default: none. */
  readonly suppressed?: readonly string[];
}

/** The recipe in a few words, for people. */
export function describeRecipe({ seed, reseeds = [], only, suppressed = [] }: RunRecipe): string {
  const turns = reseeds.map(({ atEvent, seed: other }) => ` then ${other} from event ${atEvent}`).join('');
  const faults = only === undefined ? '' : ` with ${only.length} faults`;
  return `seed ${seed}${turns}${faults}${suppressed.length === 0 ? '' : ` without ${suppressed.length} faults`}`;
}
