import type { RandomProvider } from '../providers/random-provider';

/** The shortest and the longest wait, in milliseconds. */
interface BackoffBounds {
  readonly minMs: number;
  readonly maxMs: number;
}

/** The wait in milliseconds after so many failures before the one that there was just now: for whoever keeps the count elsewhere. */
export function backoffMs(failures: number, { minMs, maxMs }: BackoffBounds, random: RandomProvider): number {
  const wholeMs = Math.min(maxMs, minMs * 2 ** Math.min(failures, 30));
  return wholeMs * (0.5 + random.fraction() / 2);
}

/**
 * How long to wait before the next attempt: twice as long after each failure, within bounds, and each wait somewhere
 * between its half and its whole, so that peers which failed together do not return together.
 */
export class Backoff {
  private failures = 0;

  constructor(
    readonly minMs: number,
    readonly maxMs: number,
    private readonly random: RandomProvider,
  ) {}

  /** The wait in milliseconds after one more failure. */
  nextMs(): number {
    return backoffMs(this.failures++, this, this.random);
  }

  /** An attempt succeeded. */
  reset(): void {
    this.failures = 0;
  }
}
