/** Counts restarts, and says when there are more within a time than there may be. */
export class RestartCount {
  private moments: number[] = [];

  /** @param most how many there may be. @param withinMs in how many milliseconds. */
  constructor(
    readonly most: number,
    readonly withinMs: number,
  ) {}

  /** Counts one more. False when it is one too many. @param now a moment of a monotonic clock, in milliseconds. */
  admits(now: number): boolean {
    this.moments = this.moments.filter((moment) => now - moment <= this.withinMs);
    if (this.moments.length >= this.most) return false;
    this.moments.push(now);
    return true;
  }

  reset(): void {
    this.moments = [];
  }
}
