import type { Request } from '../calls/request';
import { RefusalReason } from '../calls/turn-refusal';
import type { TurnMode } from '../metadata/actor-descriptor';
import type { NodeLoad } from '../scheduling/node-load';

/** A request that waits, and how its turn will go with others. */
export interface Letter {
  readonly request: Request;
  readonly mode: TurnMode;
  next: Letter | undefined;
}

/** The requests that wait for an activation, first come first served: linked letters, so that taking one costs nothing. */
export class Mailbox {
  private first: Letter | undefined;
  private last: Letter | undefined;
  private count = 0;

  /** @param load of the node, where all that waits is counted. */
  constructor(private readonly load: Pick<NodeLoad, 'waiting'>) {}

  get length(): number {
    return this.count;
  }

  add(request: Request, mode: TurnMode): void {
    const letter: Letter = { request, mode, next: undefined };
    if (this.last === undefined) this.first = letter;
    else this.last.next = letter;
    this.last = letter;
    this.count++;
    this.load.waiting++;
  }

  /** The letter that has waited longest; it stays. */
  peek(): Letter | undefined {
    return this.first;
  }

  /** The request of this call; undefined when it does not wait here. */
  find(call: string): Request | undefined {
    for (let letter = this.first; letter !== undefined; letter = letter.next)
      if (letter.request.call === call) return letter.request;
    return undefined;
  }

  /** Takes out a request that waits, wherever it stands. */
  remove(request: Request): void {
    let before: Letter | undefined;
    for (let letter = this.first; letter !== undefined; before = letter, letter = letter.next) {
      if (letter.request !== request) continue;
      if (before === undefined) this.first = letter.next;
      else before.next = letter.next;
      if (letter === this.last) this.last = before;
      this.count--;
      this.load.waiting--;
      return;
    }
  }

  take(): Request | undefined {
    const letter = this.first;
    if (letter === undefined) return undefined;
    this.first = letter.next;
    if (this.first === undefined) this.last = undefined;
    this.count--;
    this.load.waiting--;
    return letter.request;
  }

  /** Those that have waited longest and that nobody waits for any more give their places to others. Returns how many there were. */
  dropExpired(now: number): number {
    const before = this.count;
    for (let letter = this.first; letter !== undefined && isOver(letter.request, now); letter = this.first) {
      this.take();
      if (!letter.request.abandoned)
        letter.request.reply.refuse({ reason: RefusalReason.expired, amount: now - letter.request.deadline });
    }
    return before - this.count;
  }
}

function isOver({ abandoned, deadline }: Request, now: number): boolean {
  return abandoned || deadline <= now;
}
