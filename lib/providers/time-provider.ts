import { describeValue } from '../errors/describe-value';
import { MoonpoolError } from '../errors/moonpool-error';
import { token } from '../injection/token';
import { whole } from '../injection/whole-contract';

/** A callback that waits for its time. */
export interface Timer {
  /** Keeps the callback from running; does nothing when it has run or was cancelled. */
  cancel(): void;
}

/** The clocks and timers of one node. The monotonic clock and the wall clock are apart and are never compared. */
export interface TimeProvider {
  /** Milliseconds since some fixed moment of this process, with fractions; never goes back, does not stop in a suspend. */
  now(): number;
  /** Milliseconds since 1970 as this machine believes; may jump both ways. Only for people and records, never for waits. */
  wallClock(): number;
  /** Runs the callback once, not earlier than after the delay in milliseconds. */
  schedule(delayMs: number, callback: () => void): Timer;
  /** Resolves not earlier than after the delay in milliseconds. */
  sleep(delayMs: number): Promise<void>;
}
export const TimeProvider = token<TimeProvider>('TimeProvider', (bound) => showingTime(complete(bound)));

const complete = whole<TimeProvider>(
  'TimeProvider',
  () => ({ now: 0, wallClock: 0, schedule: 0, sleep: 0 }) satisfies Record<keyof TimeProvider, 0>,
);

/** By a clock that shows no number nothing would ever be late, and nobody would be told. */
function showingTime(time: TimeProvider): TimeProvider {
  for (const clock of ['now', 'wallClock'] as const) {
    const shown: unknown = time[clock]();
    if (Number.isFinite(shown)) continue;
    throw new MoonpoolError('INVALID_MODULE', {
      message: `The method ${clock} of what is bound to TimeProvider returned ${describeValue(shown)}, and must return milliseconds`,
    });
  }
  return time;
}
