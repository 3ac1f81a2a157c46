import type { Request } from '../calls/request';
import { RefusalReason } from '../calls/turn-refusal';
import { LinkedList, type Linked } from '../concurrency/linked-list';
import type { TurnMode } from '../metadata/actor-descriptor';
import type { NodeLoad } from '../scheduling/node-load';

/** A request that waits, and how its turn will go with others. */
export class WaitingRequest implements Linked {
  earlier: Linked | undefined;
  later: Linked | undefined;
  isLinked = false;

  constructor(
    readonly request: Request,
    readonly mode: TurnMode,
  ) {}
}

/** The requests that wait for an activation, first come first served. It is a list and has none: there is one for each activation. */
export class Mailbox extends LinkedList<WaitingRequest> {
  /** @param load of the node, where all that waits is counted. */
  constructor(protected readonly load: Pick<NodeLoad, 'waiting'>) {
    super();
  }

  add(request: Request, mode: TurnMode): void {
    this.append(new WaitingRequest(request, mode));
    this.load.waiting++;
  }

  /** The request of this call; undefined when it does not wait here. */
  find(call: string): Request | undefined {
    for (let waiting = this.first; waiting !== undefined; waiting = this.after(waiting))
      if (waiting.request.call === call) return waiting.request;
    return undefined;
  }

  /** Takes out a request that waits, wherever it stands. */
  remove(request: Request): void {
    for (let waiting = this.first; waiting !== undefined; waiting = this.after(waiting)) {
      if (waiting.request !== request) continue;
      this.unlink(waiting);
      this.load.waiting--;
      return;
    }
  }

  /** The request that has waited longest; undefined when there is none. */
  take(): Request | undefined {
    const waiting = this.shift();
    if (waiting === undefined) return undefined;
    this.load.waiting--;
    return waiting.request;
  }

  /** Those that have waited longest and that nobody waits for any more give their places to others. Returns how many there were. */
  dropExpired(now: number): number {
    const before = this.length;
    for (let { first } = this; first !== undefined && isOver(first.request, now); { first } = this) {
      this.take();
      const { request } = first;
      if (!request.abandoned) request.reply.refuse({ reason: RefusalReason.expired, amount: now - request.deadline });
    }
    return before - this.length;
  }
}

function isOver({ abandoned, deadline }: Request, now: number): boolean {
  return abandoned || deadline <= now;
}
