import type { TimeProvider } from '../providers/time-provider';

/**
 * The right of a node to serve, for a limited time. Its end is reckoned from the moment before the renewal was sent, so
 * it lies never later than the store or any observer believes. The node stops serving a fifth before the end.
 * C. G. Gray and D. R. Cheriton, "Leases: An Efficient Fault-Tolerant Mechanism for Distributed File Cache Consistency", 1989.
 */
export class Lease {
  private servesUntil = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly time: TimeProvider,
    private readonly ttlMs: number,
  ) {}

  /** True while this node may admit turns, write and answer. Asked at each of these; timers are only a backup. */
  get held(): boolean {
    return this.servesUntil === Number.POSITIVE_INFINITY || this.time.now() < this.servesUntil;
  }

  /** The store confirmed a renewal that was sent at the given time of this node's monotonic clock. */
  renewed(sentAt: number): void {
    this.servesUntil = Math.max(this.servesUntil, sentAt + this.ttlMs - this.ttlMs / 5);
  }

  /** The lease has no end: no other node could take over. */
  neverEnds(): void {
    this.servesUntil = Number.POSITIVE_INFINITY;
  }

  /** This node serves no more, whatever the clock says. */
  end(): void {
    this.servesUntil = Number.NEGATIVE_INFINITY;
  }
}
