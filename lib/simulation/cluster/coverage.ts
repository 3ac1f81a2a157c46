/** How often a `sometimes` was looked at, and how often it was true. */
export interface CoverageCount {
  readonly looked: number;
  readonly fired: number;
  /** After how many events of its run it was true for the first time; undefined while it never was. */
  readonly firstAt?: number;
}

/** The `sometimes` of a run as plain data: name and counts. */
export type CoverageEntries = readonly (readonly [string, CoverageCount])[];

/** The `sometimes` of a run, or of many runs. */
export class Coverage {
  private readonly counts = new Map<string, CoverageCount>();

  /** @param events how many events of the run there were. */
  constructor(private readonly events: () => number = () => 0) {}

  note(name: string, condition: boolean): void {
    const before = this.counts.get(name) ?? { looked: 0, fired: 0 };
    const firstAt = before.firstAt ?? (condition ? this.events() : undefined);
    this.counts.set(name, {
      looked: before.looked + 1,
      fired: before.fired + (condition ? 1 : 0),
      ...(firstAt === undefined ? {} : { firstAt }),
    });
  }

  /** Adds the counts of another run. True when they brought something that was never looked at, or never true, before. */
  merge(entries: CoverageEntries): boolean {
    let isNew = false;
    for (const [name, { looked, fired }] of entries) {
      const own = this.counts.get(name);
      if (own === undefined || (own.fired === 0 && fired > 0)) isNew = true;
      this.counts.set(name, { looked: (own?.looked ?? 0) + looked, fired: (own?.fired ?? 0) + fired });
    }
    return isNew;
  }

  /** The names that were looked at and never true. */
  get unfired(): readonly string[] {
    return [...this.counts].filter(([, { fired }]) => fired === 0).map(([name]) => name);
  }

  get entries(): CoverageEntries {
    return [...this.counts];
  }
}
