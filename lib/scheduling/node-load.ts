import type { Arrival } from '../calls/request';
import { RefusalReason, type TurnRefusal } from '../calls/turn-refusal';
import type { RunQueue } from './run-queue';

/** How much may wait on a node. Times are in milliseconds. */
export interface LoadLimits {
  /** How many calls may wait. */
  readonly maxWaiting: number;
  /** How long a call may wait while many do. */
  readonly maxWaitMs: number;
  /** Which share of the time that it has left a call may wait. */
  readonly maxWaitShare: number;
}

/** While fewer wait, they are a burst that passes and no queue that stays. */
const STANDING_QUEUE = 1_000;

/**
 * What waits on a node, and whether a call that comes may wait with it. One that would begin so late that it could hardly be
 * answered is refused at once, while that is cheap and helps: where every call waits until its deadline, all are begun too late
 * and none is answered in time.
 */
export class NodeLoad {
  /** How many calls wait for turns. Written by the mailboxes. */
  waiting = 0;
  /** How many calls were refused for what waits. */
  refused = 0;

  constructor(
    private readonly runQueue: RunQueue,
    private readonly limits: LoadLimits,
  ) {}

  /** True while anything waits: only then a call may have to be refused. */
  get isBusy(): boolean {
    return this.waiting > 0 || this.runQueue.length > 0;
  }

  /**
   * Why the call is not to be taken; undefined when it is.
   * @param actorWaitMs how long what waits for its actor will take, as far as can be known.
   * @param now asks the monotonic clock, which is not asked when nothing waits.
   */
  refusalOf(arrival: Arrival, actorWaitMs: number, now: () => number): TurnRefusal | undefined {
    const { runQueue, limits } = this;
    if (this.waiting >= limits.maxWaiting) return this.refuse(RefusalReason.nodeFull, limits.maxWaiting);
    if (arrival.isNested || arrival.isOneWay) return undefined;
    const { waitMs } = runQueue;
    const longest = Math.max(waitMs, actorWaitMs);
    if (longest === 0) return undefined;
    const isStanding = this.waiting >= STANDING_QUEUE || runQueue.length >= STANDING_QUEUE;
    const mayWaitMs = Math.min(
      limits.maxWaitShare * (arrival.deadline - now()),
      isStanding ? limits.maxWaitMs : Number.POSITIVE_INFINITY,
    );
    if (longest <= mayWaitMs) return undefined;
    return this.refuse(waitMs >= actorWaitMs ? RefusalReason.nodeBusy : RefusalReason.actorBusy, longest);
  }

  private refuse(reason: RefusalReason, amount: number): TurnRefusal {
    this.refused++;
    return { reason, amount };
  }
}
