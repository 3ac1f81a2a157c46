import { token } from '../injection/token';

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
export const TimeProvider = token<TimeProvider>('TimeProvider');
