import type { MoonpoolError } from '../errors/moonpool-error';
import type { TimeProvider } from '../providers/time-provider';

/** How many actors are remembered; beyond it the one whose failure is oldest is forgotten. */
const CAPACITY = 10_000;

/** The share of the longest hold with which holds begin. */
const FIRST_SHARE = 1 / 20;

interface Held {
  readonly failure: MoonpoolError;
  readonly until: number;
  readonly holdMs: number;
}

/**
 * Remembers for a while which actors could not be activated, so that callers who insist get the answer at once and do not
 * drive a constructor, or a store that is down, through one attempt after the other. Holds begin short and double.
 */
export class FailureHold {
  private readonly held = new Map<string, Held>();

  /** @param longestMs the longest hold, in milliseconds; 0 for none. */
  constructor(
    private readonly time: TimeProvider,
    private readonly longestMs: number,
  ) {}

  /** The actor could not be activated. */
  note(path: string, failure: MoonpoolError): void {
    if (this.longestMs === 0) return;
    const before = this.held.get(path);
    const holdMs = Math.min(this.longestMs, before === undefined ? this.longestMs * FIRST_SHARE : before.holdMs * 2);
    this.held.delete(path);
    this.held.set(path, { failure, until: this.time.now() + holdMs, holdMs });
    if (this.held.size <= CAPACITY) return;
    const [oldest] = this.held.keys();
    if (oldest !== undefined) this.held.delete(oldest);
  }

  /** The failure that is still the answer; undefined when another attempt may be made. */
  failureOf(path: string): MoonpoolError | undefined {
    const held = this.held.size === 0 ? undefined : this.held.get(path);
    return held !== undefined && held.until > this.time.now() ? held.failure : undefined;
  }

  /** The actor was activated. */
  forget(path: string): void {
    if (this.held.size > 0) this.held.delete(path);
  }

  /** Forgets those whose hold ended long ago. */
  sweep(): void {
    const now = this.time.now();
    for (const [path, { until, holdMs }] of this.held) if (now > until + holdMs * 2) this.held.delete(path);
  }
}
