import { forgoAnswer } from '../../concurrency/prompt-answer';
import type { Logger } from '../../observability/logger';
import type { Timer, TimeProvider } from '../time-provider';
import { nodeClocks, type NodeClocks } from './node-clocks';

/** The longest delay that a timer of Node.js can have; longer ones are cut into pieces. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * A timer that is later than this runs behind what has arrived: the process stood still, or had much to do, and what it would
 * otherwise give up may have come long ago.
 */
const LATE_MS = 20;

/** How often, at most, the wall clock is asked whether it went further than the process's own clock. */
const WALL_CHECK_MS = 1;
/** How often, at most, the uptime is asked though the wall clock shows nothing unusual. */
const UPTIME_CHECK_MS = 1_000;
/** A smaller difference than this is no suspend: some systems tell their uptime in whole seconds. */
const SMALLEST_SUSPEND_MS = 1_000;

/**
 * The clocks and timers of Node.js. The process's own monotonic clock stands still while the machine is suspended, in
 * which time a lease may end; so the uptime of the machine is asked too, and the one that went further counts. Asking it
 * is slow, so it is asked when the wall clock jumps, which a suspend makes it do; a wall clock that was only set by
 * hand changes nothing. A virtual machine that is frozen from outside stops all its clocks: nothing inside can tell.
 */
export class NodeTimeProvider implements TimeProvider {
  private readonly startedAt: number;
  private readonly startedUptimeMs: number;
  /** How far the wall clock is ahead of the process's own clock, when they were last compared. */
  private wallOffsetMs: number;
  /** How much further the uptime went than the process's own clock. */
  private suspendedMs = 0;
  private nextWallCheckAt: number;
  private nextUptimeCheckAt: number;
  /** How many timers wait behind the input because they are late: those that are due after them keep behind them. */
  private waiting = 0;

  /** @param logger learns what a callback throws, which would otherwise end the process; it is the code of actors too that schedules. */
  constructor(
    private readonly clocks: NodeClocks = nodeClocks,
    private readonly logger?: Logger,
  ) {
    this.startedAt = clocks.processMs();
    this.startedUptimeMs = clocks.uptimeMs();
    this.wallOffsetMs = clocks.wallMs() - this.startedAt;
    this.nextWallCheckAt = this.startedAt + WALL_CHECK_MS;
    this.nextUptimeCheckAt = this.startedAt + UPTIME_CHECK_MS;
  }

  now(): number {
    const processNow = this.clocks.processMs();
    if (processNow >= this.nextWallCheckAt) this.compareClocks(processNow);
    return processNow + this.suspendedMs;
  }

  wallClock(): number {
    return this.clocks.wallMs();
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const dueAt = this.now() + Math.max(0, delayMs);
    let handle: NodeJS.Timeout;
    let isWaiting = false;
    const arm = (remainingMs: number): void => {
      handle = setTimeout(onTimeout, Math.min(Math.ceil(remainingMs), MAX_TIMER_MS));
    };
    // A timer of Node.js counts whole milliseconds from a rounded start, so it may end one too early.
    const onTimeout = (): void => {
      const remainingMs = dueAt - this.now();
      if (remainingMs > 0) arm(remainingMs);
      else if (remainingMs < -LATE_MS || this.waiting > 0) waitBehindInput();
      else this.run(callback);
    };
    arm(delayMs);
    const waitBehindInput = (): void => {
      isWaiting = true;
      this.waiting++;
      setImmediate(() => {
        this.waiting--;
        if (isWaiting) this.run(callback);
      });
    };
    const cancel = (): void => {
      clearTimeout(handle);
      isWaiting = false;
    };
    return { cancel };
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      this.schedule(delayMs, resolve);
    });
  }

  private run(callback: () => unknown): void {
    const { logger } = this;
    if (logger === undefined) {
      callback();
      return;
    }
    const tell = (error: unknown): void => logger.error('a callback that was scheduled failed', error);
    try {
      forgoAnswer(callback(), tell);
    } catch (error) {
      tell(error);
    }
  }

  private compareClocks(processNow: number): void {
    this.nextWallCheckAt = processNow + WALL_CHECK_MS;
    const wallOffsetMs = this.clocks.wallMs() - processNow;
    const wallJumped = Math.abs(wallOffsetMs - this.wallOffsetMs) > SMALLEST_SUSPEND_MS / 2;
    if (!wallJumped && processNow < this.nextUptimeCheckAt) return;
    this.wallOffsetMs = wallOffsetMs;
    this.nextUptimeCheckAt = processNow + UPTIME_CHECK_MS;
    const elapsedMs = processNow - this.startedAt + this.suspendedMs;
    const missedMs = this.clocks.uptimeMs() - this.startedUptimeMs - elapsedMs;
    if (missedMs > SMALLEST_SUSPEND_MS) this.suspendedMs += missedMs;
  }
}
