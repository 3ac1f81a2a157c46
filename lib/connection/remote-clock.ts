/** A measure that is older gives way to whatever is measured next, in milliseconds: until then clocks have drifted apart. */
const OUTDATED_MS = 30_000;

/**
 * What both sides of a connection know of each other's clocks, so that a deadline means the same on both. The clock of a
 * side is the time since its end of the connection was made. Whoever asks notes when; the answer, with what the other's
 * clock showed, comes later: so the other's clock shows at most that, and what has passed since the question. The tightest of
 * the last measures counts. After Cristian, "Probabilistic clock synchronization" (1989), of which one bound suffices.
 */
export class RemoteClock {
  /** What is to be added to this side's monotonic clock for the latest that the other's can show. */
  private ahead: number;
  private measuredAt = Number.NEGATIVE_INFINITY;

  /** @param beganAt when this end of the connection was made. All times are milliseconds of the monotonic clock. */
  constructor(private readonly beganAt: number) {
    // Until it is told, the other end is taken to be as old as this one.
    this.ahead = -beganAt;
  }

  /** What this side's clock shows at the moment. */
  own(moment: number): number {
    return moment - this.beganAt;
  }

  /** The moment here at which the other side's clock shows so much, at the earliest. */
  momentOf(shown: number): number {
    return shown - this.ahead;
  }

  /**
   * The other side has told its clock.
   * @param askedAt when it was asked, by this side's clock; negative when it was not asked: then it was since the connection was made.
   */
  told(askedAt: number, shown: number, now: number): void {
    const ahead = shown - (this.beganAt + Math.max(0, askedAt));
    if (ahead >= this.ahead && now - this.measuredAt < OUTDATED_MS) return;
    this.ahead = ahead;
    this.measuredAt = now;
  }
}
