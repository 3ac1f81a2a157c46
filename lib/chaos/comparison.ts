import { assertionStand, type AssertionDetailsSource } from './assertion-recorder';
import { AssertionSite } from './assertion-site';

/** How a value should stand to its limit. */
export type Comparison = 'less than' | 'at most' | 'greater than' | 'at least';

/** A value that stands to its limit as it should, always or in some run; the report says how close it came. */
export class ComparisonSite extends AssertionSite {
  private readonly sign: number;
  private readonly allowsEqual: boolean;

  constructor(name: string, kind: 'always' | 'sometimes', comparison: Comparison) {
    super(name, kind);
    this.sign = comparison === 'less than' || comparison === 'at most' ? -1 : 1;
    this.allowsEqual = comparison === 'at most' || comparison === 'at least';
  }

  /** Compares. What is no number never holds. Outside of a simulation nothing happens. */
  check(value: number, limit: number, details?: AssertionDetailsSource): void {
    if (assertionStand.recorder === undefined) return;
    // Infinity is as far from itself as any number is from itself.
    const margin = value === limit ? 0 : (value - limit) * this.sign;
    assertionStand.recorder.observe(this, {
      holds: margin > 0 || (this.allowsEqual && margin === 0),
      margin,
      value,
      limit,
      details,
    });
  }
}

/** Declares a value that must always be less than its limit. */
export function alwaysLessThan(name: string): ComparisonSite {
  return new ComparisonSite(name, 'always', 'less than');
}

/** Declares a value that must never be more than its limit. */
export function alwaysAtMost(name: string): ComparisonSite {
  return new ComparisonSite(name, 'always', 'at most');
}

/** Declares a value that must always be greater than its limit. */
export function alwaysGreaterThan(name: string): ComparisonSite {
  return new ComparisonSite(name, 'always', 'greater than');
}

/** Declares a value that must never be less than its limit. */
export function alwaysAtLeast(name: string): ComparisonSite {
  return new ComparisonSite(name, 'always', 'at least');
}

/** Declares a value that must be less than its limit in at least one run. */
export function sometimesLessThan(name: string): ComparisonSite {
  return new ComparisonSite(name, 'sometimes', 'less than');
}

/** Declares a value that must be the limit or less in at least one run. */
export function sometimesAtMost(name: string): ComparisonSite {
  return new ComparisonSite(name, 'sometimes', 'at most');
}

/** Declares a value that must be greater than its limit in at least one run. */
export function sometimesGreaterThan(name: string): ComparisonSite {
  return new ComparisonSite(name, 'sometimes', 'greater than');
}

/** Declares a value that must be the limit or more in at least one run. */
export function sometimesAtLeast(name: string): ComparisonSite {
  return new ComparisonSite(name, 'sometimes', 'at least');
}
