import { isBusy } from './sqlite-failure';

/** How long the thread sleeps between two attempts, in milliseconds. */
const PAUSE_MS = 1;

/**
 * How long SQLite itself waits for the lock within an attempt, in milliseconds: it asks again after one and after three. To be told that the lock is not free
 * costs an error with its stack, more than those two questions do.
 */
export const ATTEMPT_MS = 3;

/**
 * Does the work as soon as nobody else holds the lock of the file. SQLite could wait by itself all the time, but it asks more and more seldom, each tenth of
 * a second in the end: against a process that writes one transaction after the other it would hardly ever find the lock free. So we wait, in
 * the thread of the database, where nobody else does.
 * @param attemptMs how long an attempt itself waits, in milliseconds.
 * @throws what the work throws, when that is something else, or when the lock was not free for so many milliseconds.
 */
export function patiently<T>(limitMs: number, work: () => T, attemptMs = 0): T {
  for (let attemptsLeft = Math.ceil(limitMs / (attemptMs + PAUSE_MS)); ; attemptsLeft--) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || attemptsLeft <= 0) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, PAUSE_MS);
    }
  }
}
