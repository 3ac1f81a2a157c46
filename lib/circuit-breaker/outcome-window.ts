/** How many parts the window has: outcomes leave it by so many steps. */
const BUCKETS = 10;

/** The outcomes of the last while, counted in buckets of time, so that the memory does not grow with the calls. */
export class OutcomeWindow {
  private readonly buckets = Array.from({ length: BUCKETS }, () => ({ number: -1, calls: 0, failures: 0 }));
  private readonly bucketMs: number;

  /** @param windowMs how long an outcome counts, in milliseconds. */
  constructor(windowMs: number) {
    this.bucketMs = Math.max(1, windowMs / BUCKETS);
  }

  /** @param now a moment of a monotonic clock, in milliseconds. */
  add(now: number, isFailure: boolean): void {
    const number = Math.floor(now / this.bucketMs);
    const bucket = this.buckets[number % BUCKETS];
    if (bucket === undefined) return;
    if (bucket.number !== number) Object.assign(bucket, { number, calls: 0, failures: 0 });
    bucket.calls++;
    if (isFailure) bucket.failures++;
  }

  /** The outcomes that count at the moment. */
  at(now: number): { readonly calls: number; readonly failures: number } {
    const oldest = Math.floor(now / this.bucketMs) - BUCKETS + 1;
    let [calls, failures] = [0, 0];
    for (const bucket of this.buckets) {
      if (bucket.number < oldest) continue;
      calls += bucket.calls;
      failures += bucket.failures;
    }
    return { calls, failures };
  }

  clear(): void {
    for (const bucket of this.buckets) Object.assign(bucket, { number: -1, calls: 0, failures: 0 });
  }
}
