import type { Request } from '../messaging/request';

interface Letter {
  readonly request: Request;
  next: Letter | undefined;
}

/** The requests that wait for an activation, first come first served: linked letters, so that taking one costs nothing. */
export class Mailbox {
  private first: Letter | undefined;
  private last: Letter | undefined;
  private count = 0;

  constructor(readonly capacity: number) {}

  get length(): number {
    return this.count;
  }

  /** False when the mailbox is full; the request is then not in it. */
  add(request: Request): boolean {
    if (this.count >= this.capacity) return false;
    const letter: Letter = { request, next: undefined };
    if (this.last === undefined) this.first = letter;
    else this.last.next = letter;
    this.last = letter;
    this.count++;
    return true;
  }

  take(): Request | undefined {
    const letter = this.first;
    if (letter === undefined) return undefined;
    this.first = letter.next;
    if (this.first === undefined) this.last = undefined;
    this.count--;
    return letter.request;
  }
}
