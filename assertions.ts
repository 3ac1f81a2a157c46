import 'reflect-metadata';

export { always, alwaysOrUnreachable, type AlwaysSite } from './lib/chaos/always';
export type { AssertionDetails, AssertionDetailsSource, AssertionKind } from './lib/chaos/assertion-recorder';
export type { AssertionSite } from './lib/chaos/assertion-site';
export { Buggify, type BuggifyOdds, type KnobRange } from './lib/chaos/buggify';
export {
  alwaysAtLeast,
  alwaysAtMost,
  alwaysGreaterThan,
  alwaysLessThan,
  sometimesAtLeast,
  sometimesAtMost,
  sometimesGreaterThan,
  sometimesLessThan,
  type ComparisonSite,
} from './lib/chaos/comparison';
export { reachable, unreachable, type ReachableSite } from './lib/chaos/reachable';
export {
  sometimes,
  sometimesAll,
  sometimesEach,
  type SometimesAllSite,
  type SometimesEachSite,
  type SometimesSite,
} from './lib/chaos/sometimes';
