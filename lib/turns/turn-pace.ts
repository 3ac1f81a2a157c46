/** How much the latest turn counts. */
const LATEST_SHARE = 0.1;

/** How fast the turns of an activation follow each other while there is always one that waits. */
export class TurnPace {
  /** How long it takes from one turn to the next, in milliseconds, of late; 0 until that was seen. */
  intervalMs = 0;
  /** When the last turn began, if others waited behind it. */
  private beganAt: number | undefined;

  /** A turn begins. @param waiting how many wait behind it. @param now by the monotonic clock. */
  onTurn(waiting: number, now: number): void {
    if (this.beganAt !== undefined) {
      const latestMs = now - this.beganAt;
      this.intervalMs += (this.intervalMs === 0 ? 1 : LATEST_SHARE) * (latestMs - this.intervalMs);
    }
    this.beganAt = waiting > 0 ? now : undefined;
  }
}
