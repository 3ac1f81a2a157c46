import { assertionStand } from './assertion-recorder';
import { AssertionSite } from './assertion-site';

/** A condition that holds in some run. */
export class SometimesSite extends AssertionSite {
  constructor(name: string) {
    super(name, 'sometimes');
  }

  /** Looks at the condition, and notes that it holds if it does: if it is true, for a promise of it says nothing yet. Outside of a simulation nothing happens. */
  check(condition: boolean): void {
    assertionStand.recorder?.observe(this, { holds: condition === true });
  }
}

/** Declares a condition that must be true in at least one run: that a test gets into the situations that it is meant for. */
export function sometimes(name: string): SometimesSite {
  return new SometimesSite(name);
}

/** Conditions that are all true at once in some run. */
export class SometimesAllSite<P extends string> extends AssertionSite {
  constructor(
    name: string,
    private readonly parts: readonly P[],
  ) {
    super(name, 'sometimes', parts);
  }

  /** Looks at all the conditions. Outside of a simulation nothing happens. */
  check(conditions: Readonly<Record<P, boolean>>): void {
    if (assertionStand.recorder === undefined) return;
    const { parts } = this;
    const held = parts.filter((part) => conditions[part] === true);
    const limit = parts.length;
    assertionStand.recorder.observe(this, {
      holds: held.length === limit,
      margin: held.length - limit,
      value: held.length,
      limit,
      buckets: held,
    });
  }
}

/**
 * Declares conditions that must all be true in one look, in at least one run. The report says how often each was true and
 * how many were true at once at most.
 */
export function sometimesAll<const P extends readonly string[]>(name: string, parts: P): SometimesAllSite<P[number]> {
  return new SometimesAllSite(name, parts);
}

/** Values each of which comes in some run. */
export class SometimesEachSite<B extends string | number> extends AssertionSite {
  constructor(name: string, buckets: readonly B[] | undefined) {
    super(name, 'sometimes-each', buckets?.map(String));
  }

  /** Notes that the value came. Outside of a simulation nothing happens. */
  check(bucket: B): void {
    assertionStand.recorder?.observe(this, { holds: true, buckets: [String(bucket)] });
  }
}

/**
 * Declares a value of which each bucket must come in at least one run.
 * @param buckets the values that must come. Default: none by name, but at least one; the report lists which came, the first 256.
 */
export function sometimesEach<const B extends string | number>(
  name: string,
  buckets?: readonly B[],
): SometimesEachSite<B> {
  return new SometimesEachSite(name, buckets);
}
