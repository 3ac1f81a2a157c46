import type { CoverageEntries } from '../coverage/coverage';
import type { AmbientAccess } from '../fence/ambient/ambient-access';
import type { TimelineEvent } from '../timeline/timeline';
import type { Discovery } from './discovery-watch';
import type { RunRecipe } from './run-recipe';

/** What became of one run. Plain data but for the error. */
export interface SeedResult {
  readonly seed: number;
  /** What the run was made from. */
  readonly recipe: RunRecipe;
  /** The error that the run ended with; undefined when it passed. */
  readonly error: unknown;
  /** The hash over everything that happened. */
  readonly hash: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly realMs: number;
  /** The assertions of the run. */
  readonly coverage: CoverageEntries;
  /** How often each fault struck, by its site. */
  readonly faults: ReadonlyMap<string, number>;
  /** The names of all faults that struck, in their order; only of a run that failed. */
  readonly struck: readonly string[];
  /** What code asked of the surrounding world, each place once. */
  readonly accesses: readonly AmbientAccess[];
  /** What the run saw, each with the event at which it saw it first; only when that was asked for. */
  readonly discoveries: readonly Discovery[];
  /** How often code of a dead process reached for the world: something that processes share had woken it. */
  readonly staleCalls: number;
  /** The last events, oldest first; only of a run that failed. */
  readonly lastEvents: readonly TimelineEvent[];
}
