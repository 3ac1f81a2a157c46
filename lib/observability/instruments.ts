/** A count. `counter.value++` is how it is counted, and all that it costs. */
export class Counter {
  value = 0;
}

/** How many values of a label are counted apart. */
const MOST_VALUES = 100;

/** Under which the values of a label are counted that come when there are too many. */
const OTHERS = 'other';

/** Counts apart by the values of a label. */
export class LabelledCounter {
  private readonly counters = new Map<string, Counter>();

  /** The counter of the value, to be kept where it is counted often. */
  of(value: string): Counter {
    const known = this.counters.get(value);
    if (known !== undefined) return known;
    if (this.counters.size >= MOST_VALUES && value !== OTHERS) return this.of(OTHERS);
    const counter = new Counter();
    this.counters.set(value, counter);
    return counter;
  }

  /** The counts by value, in the order in which these came first. */
  get values(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counters].map(([value, counter]) => [value, counter.value]));
  }
}

/** What a histogram has counted so far. */
export interface Distribution {
  readonly count: number;
  readonly sum: number;
  /** How many were at most as large as each bound, and larger than the one before; the last are those above all bounds. */
  readonly buckets: readonly number[];
}

/** Counts values by their size. */
export class Histogram {
  private readonly counts: Float64Array;
  private count = 0;
  private sum = 0;

  constructor(private readonly bounds: readonly number[]) {
    this.counts = new Float64Array(bounds.length + 1);
  }

  /** Counts the value; what is no finite number is left out, for it would spoil the sum. */
  record(value: number): void {
    if (!Number.isFinite(value)) return;
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] as number)) bucket++;
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.count++;
    this.sum += value;
  }

  get distribution(): Distribution {
    return { count: this.count, sum: this.sum, buckets: [...this.counts] };
  }
}
