import { token } from '../injection/token';
import { delay, duration } from '../options/option-kind';
import { optionTable } from '../options/option-table';

/** How long a node may serve without renewing its lease, and how soon the others notice that it is gone. */
export interface LeaseOptions {
  /** Milliseconds that a lease lasts; it is renewed each third of that. Default: 10,000. */
  readonly ttlMs: number;
  /**
   * After so many milliseconds without an answer another member counts as out of reach. A node that reaches the store, and that is out of reach of more than half of the members, who all reach
   * each other, gives itself up, so that its actors are activated where they can be called. 0: it stays, and reports nobody. Default: 10,000.
   */
  readonly isolationMs: number;
}
/** A shorter lease would end while it is being renewed. */
const SHORTEST_LEASE_MS = 30;
export const LeaseOptions = token<LeaseOptions>('LeaseOptions');

export const LEASE_OPTIONS = optionTable<Partial<LeaseOptions>>({
  ttlMs: duration(SHORTEST_LEASE_MS),
  isolationMs: delay(),
});

export const DEFAULT_LEASE_OPTIONS: LeaseOptions = { ttlMs: 10_000, isolationMs: 10_000 };

/** How often a lease is renewed while it lasts. */
export const RENEWALS_PER_LEASE = 3;

/** How far monotonic clocks of two machines may drift apart: 1 in 1,000. */
const CLOCK_DRIFT = 0.001;

/** After this many milliseconds without a renewal that others can see, a node has surely fenced itself. */
export function deathAfterMs({ ttlMs }: Pick<LeaseOptions, 'ttlMs'>): number {
  return ttlMs * (1 + CLOCK_DRIFT) + ttlMs / 20;
}
