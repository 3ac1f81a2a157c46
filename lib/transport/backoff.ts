import type { RandomProvider } from '../providers/random-provider';

/**
 * How long to wait before the next attempt: twice as long after each failure, within bounds, and each wait somewhere
 * between its half and its whole, so that peers which failed together do not return together.
 */
export class Backoff {
  private failures = 0;

  constructor(
    private readonly minMs: number,
    private readonly maxMs: number,
    private readonly random: RandomProvider,
  ) {}

  /** The wait in milliseconds after one more failure. */
  nextMs(): number {
    const wholeMs = Math.min(this.maxMs, this.minMs * 2 ** Math.min(this.failures, 30));
    this.failures++;
    return wholeMs * (0.5 + this.random.fraction() / 2);
  }

  /** An attempt succeeded. */
  reset(): void {
    this.failures = 0;
  }
}
