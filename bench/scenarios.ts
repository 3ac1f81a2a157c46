import type { Scenario } from './scenario';
import { localFanOut, localSequential, oneWay } from './scenarios/local-calls';
import { remoteCalls } from './scenarios/remote-calls';

/** All scenarios, with the ratios that are to be reached. */
export const SCENARIOS: readonly Scenario[] = [
  localSequential('shared', 0.6),
  localSequential('isolated', 0.3),
  localFanOut('shared', 0.85),
  localFanOut('isolated', 0.7),
  oneWay('shared', 0.45),
  oneWay('isolated'),
  remoteCalls(1, 'tiny', 0.85),
  remoteCalls(128, 'tiny', 0.6),
  remoteCalls(1_024, 'tiny', 0.6),
  remoteCalls(128, '1 KiB', 0.6),
  remoteCalls(1_024, '1 KiB', 0.6),
];
