/** Of so many turns the middle one is taken for what turns take at first: one alone may have met with anything. */
const FIRST_TURNS = 5;
/** How much the latest turn counts from then on. */
const LATEST_SHARE = 0.1;
/** A turn that takes so many times longer than others counts as no more than that: those that follow show whether turns have become longer. */
const SURPRISE = 4;
/** Whatever turns take, one of so many milliseconds surprises nobody. */
const NO_SURPRISE_MS = 1;
/** How long fewer will wait cannot be known. */
const FEW_WAITING = 3;

/** How fast the turns of an activation follow each other while there is always one that waits. */
export class TurnPace {
  /** How long it takes from one turn to the next, in milliseconds, of late; 0 until that was seen. */
  private intervalMs = 0;
  /** The first that were seen, until they are enough. */
  private first: number[] | undefined;
  /** When the last turn began, if others waited behind it. */
  private beganAt: number | undefined;

  /** How long so many will wait, in milliseconds; 0 when nothing is known of it. */
  waitMs(waiting: number): number {
    return waiting < FEW_WAITING ? 0 : waiting * this.intervalMs;
  }

  /** A turn begins. @param waiting how many wait behind it. @param now by the monotonic clock. */
  onTurn(waiting: number, now: number): void {
    if (this.beganAt !== undefined) this.note(now - this.beganAt);
    this.beganAt = waiting > 0 ? now : undefined;
  }

  private note(latestMs: number): void {
    if (this.intervalMs > 0) {
      const countedMs = Math.min(latestMs, SURPRISE * this.intervalMs + NO_SURPRISE_MS);
      this.intervalMs += LATEST_SHARE * (countedMs - this.intervalMs);
      return;
    }
    const first = (this.first ??= []);
    first.push(latestMs);
    if (first.length < FIRST_TURNS) return;
    this.intervalMs = first.sort((a, b) => a - b)[FIRST_TURNS >> 1] ?? 0;
    this.first = undefined;
  }
}
