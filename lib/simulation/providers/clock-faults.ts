/** How far the clocks of machines may differ. */
export interface ClockRange {
  /** How far a wall clock is ahead when the world begins, at most, in milliseconds. */
  readonly wallOffsetMs: number;
  /** How far a wall clock may get ahead of that while it goes, at most, in milliseconds. */
  readonly wallDriftMs: number;
  /** How far the rate of a monotonic clock is from 1, at most; two clocks may part twice as fast. */
  readonly rateDeviation: number;
}

/** Steps of wall clocks, as when somebody sets the time: rolled for each node each second. Times are in milliseconds. */
export interface ClockStepFaults {
  readonly probability: number;
  /** How far it is set forth or back, at least and at most. */
  readonly minMs: number;
  readonly maxMs: number;
}

/** Sleeps that take longer than they were asked to: a probability for each, and the longest extra delay in milliseconds. */
export interface SleepFaults {
  readonly probability: number;
  readonly maxMs: number;
}
