import type { Request } from '../calls/request';
import { RefusalReason } from '../calls/turn-refusal';
import type { TurnMode } from '../metadata/actor-descriptor';
import type { NodeLoad } from '../scheduling/node-load';

/** A request that waits, and how its turn will go with others. */
export interface QueuedRequest {
  readonly request: Request;
  readonly mode: TurnMode;
  next: QueuedRequest | undefined;
}

/** The requests that wait for an activation, first come first served: linked requests, so that taking one costs nothing. */
export class Mailbox {
  private first: QueuedRequest | undefined;
  private last: QueuedRequest | undefined;
  private count = 0;

  /** @param load of the node, where all that waits is counted. */
  constructor(private readonly load: Pick<NodeLoad, 'waiting'>) {}

  get length(): number {
    return this.count;
  }

  add(request: Request, mode: TurnMode): void {
    const queued: QueuedRequest = { request, mode, next: undefined };
    if (this.last === undefined) this.first = queued;
    else this.last.next = queued;
    this.last = queued;
    this.count++;
    this.load.waiting++;
  }

  /** The request that has waited longest; it stays. */
  peek(): QueuedRequest | undefined {
    return this.first;
  }

  /** The request of this call; undefined when it does not wait here. */
  find(call: string): Request | undefined {
    for (let queued = this.first; queued !== undefined; queued = queued.next)
      if (queued.request.call === call) return queued.request;
    return undefined;
  }

  /** Takes out a request that waits, wherever it stands. */
  remove(request: Request): void {
    let before: QueuedRequest | undefined;
    for (let queued = this.first; queued !== undefined; before = queued, queued = queued.next) {
      if (queued.request !== request) continue;
      if (before === undefined) this.first = queued.next;
      else before.next = queued.next;
      if (queued === this.last) this.last = before;
      this.count--;
      this.load.waiting--;
      return;
    }
  }

  take(): Request | undefined {
    const queued = this.first;
    if (queued === undefined) return undefined;
    this.first = queued.next;
    if (this.first === undefined) this.last = undefined;
    this.count--;
    this.load.waiting--;
    return queued.request;
  }

  /** Those that have waited longest and that nobody waits for any more give their places to others. Returns how many there were. */
  dropExpired(now: number): number {
    const before = this.count;
    for (let queued = this.first; queued !== undefined && isOver(queued.request, now); queued = this.first) {
      this.take();
      if (!queued.request.abandoned)
        queued.request.reply.refuse({ reason: RefusalReason.expired, amount: now - queued.request.deadline });
    }
    return before - this.count;
  }
}

function isOver({ abandoned, deadline }: Request, now: number): boolean {
  return abandoned || deadline <= now;
}
