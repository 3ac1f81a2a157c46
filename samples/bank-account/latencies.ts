/** Durations in milliseconds, and what share of them is below which. */
export class Latencies {
  private readonly durations: number[] = [];

  add(durationMs: number): void {
    this.durations.push(durationMs);
  }

  /** A line such as `p50 1.2 ms, p99 4.0 ms, p99.9 8.1 ms, max 9.9 ms`. */
  toString(): string {
    if (this.durations.length === 0) return 'nothing was measured';
    const sorted = Float64Array.from(this.durations).sort();
    const at = (share: number) =>
      (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] as number).toFixed(1);
    return `p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, p99.9 ${at(0.999)} ms, max ${at(1)} ms`;
  }
}
