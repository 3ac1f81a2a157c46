import type { TimeProvider } from '../../providers/time-provider';

/**
 * How old something is at least that a process of this machine has stamped with the wall clock, which somebody may have set since. Set back, it is asked itself; set forward,
 * the monotonic clock of this process knows better; and what was written before this process began is as old as this process at least. So nothing is held for older than it
 * is, however the clock was set, and some things for younger.
 */
export class SqliteAges {
  private readonly beganAt: number;
  private readonly wallClockAtFirst: number;

  constructor(private readonly time: Pick<TimeProvider, 'now' | 'wallClock'>) {
    this.beganAt = time.now();
    this.wallClockAtFirst = time.wallClock();
  }

  /** The stamp before which everything is older than so many milliseconds; -Infinity while nothing is known to be. */
  latestOlderThan(ageMs: number): number {
    const runMs = this.time.now() - this.beganAt;
    if (runMs < ageMs) return -Infinity;
    return Math.min(this.time.wallClock(), this.wallClockAtFirst + runMs) - ageMs;
  }
}
