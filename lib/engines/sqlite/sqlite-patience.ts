import { isBusy } from './sqlite-failure';

/** How long the thread sleeps between two attempts, in milliseconds. */
const PAUSE_MS = 1;

/**
 * Does the work as soon as nobody else holds the lock of the file. SQLite could wait by itself, but it asks more and more seldom, each tenth of
 * a second in the end: against a process that writes one transaction after the other it would hardly ever find the lock free. So we wait, in
 * the thread of the database, where nobody else does.
 * @throws what the work throws, when that is something else, or when the lock was not free for so many milliseconds.
 */
export function patiently<T>(limitMs: number, work: () => T): T {
  for (let attemptsLeft = Math.ceil(limitMs / PAUSE_MS); ; attemptsLeft--) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || attemptsLeft <= 0) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)), 0, 0, PAUSE_MS);
    }
  }
}
