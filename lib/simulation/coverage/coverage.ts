import type { AssertionDescription, AssertionKind, AssertionObservation } from '../../chaos/assertion-recorder';

/** The most buckets that are distinguished at one site. */
const MOST_BUCKETS = 256;

/** How often a bucket or part was seen, and after how many events of its run first. */
export type BucketCount = readonly [bucket: string, seen: number, firstAt?: number];

/** A value, and the limit that it is compared with. */
export interface Closeness {
  readonly value: number;
  readonly limit: number;
  /** How far the value is on the right side of the limit. */
  readonly margin: number;
}

/** How often an assertion was looked at, and how often it held. Plain data. */
export interface CoverageCount {
  readonly kind: AssertionKind;
  readonly looked: number;
  readonly fired: number;
  /** After how many events of its run it held for the first time; undefined while it never did. */
  readonly firstAt?: number;
  /** Of assertions that compare: the value that came closest to breaking an `always`, or to fulfilling a `sometimes`. */
  readonly closest?: Closeness;
  /** Of assertions with buckets or parts: each that was seen, and each that should be. */
  readonly buckets?: readonly BucketCount[];
}

/** The assertions of a run as plain data: name and counts. */
export type CoverageEntries = readonly (readonly [string, CoverageCount])[];

/** What was counted of the assertions of a run, or of many runs. */
export class Coverage {
  private readonly tallies = new Map<string, Tally>();

  /** @param events how many events of the run there were. */
  constructor(private readonly events: () => number = () => 0) {}

  /** Has an assertion counted from the beginning, so that one which is never looked at is known too. */
  expect(site: AssertionDescription): void {
    this.tally(site.name, site.kind, site.buckets);
  }

  /** Counts a look. True when the assertion held for the first time, or a bucket was seen for the first time. */
  note({ name, kind, buckets }: AssertionDescription, observation: AssertionObservation): boolean {
    const tally = this.tallies.get(name) ?? this.tally(name, kind, buckets);
    return tally.note(observation, this.events);
  }

  /** Adds the counts of another run. True when they brought something that was never looked at, or never held, before. */
  merge(entries: CoverageEntries): boolean {
    let isNew = false;
    for (const [name, count] of entries) {
      const known = this.tallies.get(name);
      const hasNews = (known ?? this.tally(name, count.kind, undefined)).merge(count);
      // A site that is only expected is no news: nobody has looked at it.
      if (hasNews || (known === undefined && count.looked > 0)) isNew = true;
    }
    return isNew;
  }

  /** The assertions that no run has fulfilled; with the buckets that did not come, where some did. */
  get unfired(): readonly string[] {
    return [...this.tallies].flatMap(([name, tally]) => {
      const { missing } = tally;
      if (tally.kind === 'sometimes-each' && missing.length > 0) return [`${name}: ${missing.join(', ')}`];
      return tally.isUnfulfilled ? [name] : [];
    });
  }

  get entries(): CoverageEntries {
    return [...this.tallies].map(([name, tally]) => [name, tally.count] as const);
  }

  private tally(name: string, kind: AssertionKind, buckets: readonly string[] | undefined): Tally {
    const tally = new Tally(kind, buckets);
    this.tallies.set(name, tally);
    return tally;
  }
}

/** What is counted of one site. */
class Tally {
  private looked = 0;
  private fired = 0;
  private firstAt: number | undefined;
  private closest: Closeness | undefined;
  private readonly buckets = new Map<string, { seen: number; firstAt: number | undefined }>();

  constructor(
    readonly kind: AssertionKind,
    buckets: readonly string[] | undefined,
  ) {
    for (const bucket of buckets ?? []) this.buckets.set(bucket, { seen: 0, firstAt: undefined });
  }

  note({ holds, margin, value, limit, buckets }: AssertionObservation, events: () => number): boolean {
    this.looked++;
    let isFirst = false;
    if (holds && this.fired++ === 0) {
      this.firstAt = events();
      isFirst = true;
    }
    if (margin !== undefined && value !== undefined && limit !== undefined) this.approach({ margin, value, limit });
    for (const bucket of buckets ?? []) if (this.see(bucket, 1, events)) isFirst = true;
    return isFirst;
  }

  merge({ looked, fired, closest, buckets = [] }: CoverageCount): boolean {
    let isNew = (this.looked === 0 && looked > 0) || (this.fired === 0 && fired > 0);
    this.looked += looked;
    this.fired += fired;
    if (closest !== undefined) this.approach(closest);
    for (const [bucket, seen] of buckets) if (this.see(bucket, seen)) isNew = true;
    return isNew;
  }

  /** The buckets that should be seen and were not. */
  get missing(): readonly string[] {
    return [...this.buckets].filter(([, { seen }]) => seen === 0).map(([bucket]) => bucket);
  }

  get isUnfulfilled(): boolean {
    const { kind } = this;
    if (kind === 'always-or-unreachable' || kind === 'unreachable') return false;
    return kind === 'always' ? this.looked === 0 : this.fired === 0;
  }

  get count(): CoverageCount {
    const { kind, looked, fired, firstAt, closest, buckets } = this;
    return {
      kind,
      looked,
      fired,
      ...(firstAt === undefined ? {} : { firstAt }),
      ...(closest === undefined ? {} : { closest }),
      ...(buckets.size === 0
        ? {}
        : {
            buckets: [...buckets].map(
              ([bucket, { seen, firstAt: at }]) =>
                (at === undefined ? [bucket, seen] : [bucket, seen, at]) as BucketCount,
            ),
          }),
    };
  }

  /** An `always` is known by the value that came closest to its limit, a `sometimes` by the one that went furthest. */
  private approach(candidate: Closeness): void {
    if (Number.isNaN(candidate.margin)) return;
    const { closest, kind } = this;
    const isCloser =
      closest === undefined ||
      (kind === 'always' ? candidate.margin < closest.margin : candidate.margin > closest.margin);
    if (isCloser) this.closest = candidate;
  }

  private see(bucket: string, count: number, events?: () => number): boolean {
    let known = this.buckets.get(bucket);
    if (known === undefined) {
      if (this.buckets.size >= MOST_BUCKETS) return false;
      known = { seen: 0, firstAt: undefined };
      this.buckets.set(bucket, known);
    }
    const isFirst = known.seen === 0 && count > 0;
    if (isFirst) known.firstAt = events?.();
    known.seen += count;
    return isFirst;
  }
}
