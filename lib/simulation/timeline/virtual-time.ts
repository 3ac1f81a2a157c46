/**
 * The grain of virtual time in milliseconds, about a microsecond. It is a power of two, so sums of virtual times are
 * exact and a timer is never a rounding error too early.
 */
export const TIME_GRAIN_MS = 1 / 1024;

/** No delay is longer than this: about 34 years, where doubles still hold the grain exactly. */
const LONGEST_DELAY_MS = 2 ** 40;

/** The delay on the grain, rounded up; what is no number or negative counts as none. */
export function onGrain(delayMs: number): number {
  if (!(delayMs > 0)) return 0;
  return delayMs >= LONGEST_DELAY_MS ? LONGEST_DELAY_MS : Math.ceil(delayMs / TIME_GRAIN_MS) * TIME_GRAIN_MS;
}

/** Virtual time as people read it: seconds with microseconds. */
export function formatTime(timeMs: number): string {
  return `${(timeMs / 1000).toFixed(6)}s`;
}
