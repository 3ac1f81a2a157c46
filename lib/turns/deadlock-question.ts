/** How many times the least wait between two questions is, during which others count on one. */
const SOON = 2;

/**
 * Whether a turn waits for itself, asked again and again for as long as it waits for the same call, ever less often: a circle stays, so nothing is lost by
 * that, and a slow network is not made slower. A call that was made since may have closed another circle, so with it the question begins again.
 */
export class DeadlockQuestion {
  /** The number by which it was asked last. */
  round = 0;
  /** The newest call that the turn waits for. */
  private call: string | undefined;
  /** Since when the turn was seen to wait for that, by the monotonic clock in milliseconds, as are all moments. */
  private since = 0;
  private askedAt = Number.NEGATIVE_INFINITY;
  private againAt = 0;

  /** @param everyMs the least wait between two questions. */
  constructor(private readonly everyMs: number) {}

  /** True when it is to be asked now, which is then noted. @param call the newest that the turn waits for. */
  isDue(call: string, now: number): boolean {
    if (this.call !== call) {
      // Calls that are answered at once are not asked about: only one that is still there at the next look.
      this.againAt = this.call === undefined ? now : now + this.everyMs;
      this.call = call;
      this.since = now;
    }
    if (now < this.againAt) return false;
    this.askedAt = now;
    this.againAt = now + Math.max(this.everyMs, now - this.since);
    return true;
  }

  /** True when it was asked a moment ago, or will be. @param call the newest that the turn waits for. */
  isAskedAbout(call: string, now: number): boolean {
    const soonMs = SOON * this.everyMs;
    return this.call !== call || now - this.askedAt < soonMs || this.againAt - now < soonMs;
  }
}
