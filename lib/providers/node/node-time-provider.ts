import { uptime } from 'node:os';
import type { Timer, TimeProvider } from '../time-provider';

/** The longest delay that a timer of Node.js can have; longer ones are cut into pieces. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** How often, at most, the other clocks are asked whether this machine was asleep. */
const SUSPEND_CHECK_MS = 250;

/**
 * The clocks and timers of Node.js. The process's own monotonic clock stands still while the machine is suspended, in
 * which time a lease may end; so now and then the wall clock and the uptime of the machine are asked too, and the one
 * that went furthest counts.
 */
export class NodeTimeProvider implements TimeProvider {
  private readonly startedAt = performance.now();
  private readonly startedWall = Date.now();
  private readonly startedUptimeMs = uptime() * 1_000;
  /** How much further the other clocks went than the process's own. */
  private suspendedMs = 0;
  private nextCheckAt = this.startedAt + SUSPEND_CHECK_MS;

  now(): number {
    const processNow = performance.now();
    if (processNow >= this.nextCheckAt) this.lookForSuspend(processNow);
    return processNow + this.suspendedMs;
  }

  wallClock(): number {
    return Date.now();
  }

  schedule(delayMs: number, callback: () => void): Timer {
    let handle: NodeJS.Timeout;
    const arm = (remainingMs: number): void => {
      // A timer of Node.js may fire up to a millisecond early; rounding up keeps the promise of "not earlier".
      const pieceMs = Math.min(Math.ceil(remainingMs), MAX_TIMER_MS);
      handle = setTimeout(() => (remainingMs > pieceMs ? arm(remainingMs - pieceMs) : callback()), pieceMs);
    };
    arm(Math.max(0, delayMs));
    return { cancel: () => clearTimeout(handle) };
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(delayMs, resolve);
    });
  }

  /** A second is the resolution of uptime, and less of a suspend does no harm to a lease. */
  private lookForSuspend(processNow: number): void {
    this.nextCheckAt = processNow + SUSPEND_CHECK_MS;
    const elapsedMs = processNow - this.startedAt + this.suspendedMs;
    const wallMs = Date.now() - this.startedWall;
    const uptimeMs = uptime() * 1_000 - this.startedUptimeMs;
    // The wall clock alone may be set by hand; only what uptime confirms, or nearly, is taken for a suspend.
    const furthestMs = Math.max(uptimeMs, Math.min(wallMs, uptimeMs + 2_000));
    if (furthestMs - elapsedMs > 1_000) this.suspendedMs += furthestMs - elapsedMs;
  }
}
