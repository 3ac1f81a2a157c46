/** How often each `sometimes` was looked at, and how often it was true. */
export interface CoverageCount {
  readonly looked: number;
  readonly fired: number;
}

/** The `sometimes` of a run, or of many runs. */
export class Coverage {
  private readonly counts = new Map<string, CoverageCount>();

  note(name: string, condition: boolean): void {
    const { looked, fired } = this.counts.get(name) ?? { looked: 0, fired: 0 };
    this.counts.set(name, { looked: looked + 1, fired: fired + (condition ? 1 : 0) });
  }

  merge(other: Coverage): void {
    for (const [name, { looked, fired }] of other.counts) {
      const own = this.counts.get(name) ?? { looked: 0, fired: 0 };
      this.counts.set(name, { looked: own.looked + looked, fired: own.fired + fired });
    }
  }

  /** The names that were looked at and never true. */
  get unfired(): readonly string[] {
    return [...this.counts].filter(([, { fired }]) => fired === 0).map(([name]) => name);
  }

  get entries(): readonly (readonly [string, CoverageCount])[] {
    return [...this.counts];
  }
}
