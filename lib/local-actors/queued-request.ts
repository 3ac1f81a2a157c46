import type { Deferred } from '../concurrency/deferred';
import { MoonpoolError } from '../errors/moonpool-error';
import type { LocalRequest } from './local-actor';

/** `outside`: waits for room. `inside`: in the mailbox. `taken`: the actor has it. `withdrawn`: its sender gave up before that. */
export type RequestState = 'new' | 'outside' | 'inside' | 'taken' | 'withdrawn';

/** A message on its way, linked to its neighbours, so that one can be withdrawn from the middle of a mailbox. */
export class QueuedRequest<Message, Reply> implements LocalRequest<Message, Reply> {
  state: RequestState = 'new';
  /** Neighbours in the queue. Written by the queue alone. */
  earlier: QueuedRequest<Message, Reply> | undefined;
  later: QueuedRequest<Message, Reply> | undefined;
  /** Told when the mailbox has taken the request, or never will. */
  admission: Deferred<void> | undefined;
  private isAnswered = false;
  private holder: Set<QueuedRequest<Message, Reply>> | undefined;

  /**
   * @param reply where the answer goes; undefined when nobody waits for one.
   * @param addressee the name of the local actor, for messages.
   */
  constructor(
    readonly message: Message,
    private reply: Deferred<Reply> | undefined,
    private readonly addressee: string,
  ) {}

  get wantsReply(): boolean {
    return this.reply !== undefined && !this.isAnswered;
  }

  answer(reply: Reply): void {
    this.markAnswered();
    this.reply?.resolve(reply);
  }

  refuse(error: unknown): void {
    this.markAnswered();
    this.reply?.reject(error);
  }

  /** Is in the set as long as somebody waits for its answer. */
  holdIn(holder: Set<QueuedRequest<Message, Reply>>): void {
    if (!this.wantsReply) return;
    this.holder = holder;
    holder.add(this);
  }

  /** Ends every wait for this request with the error; does nothing to those that are over. */
  end(error: MoonpoolError): void {
    this.admission?.reject(error);
    if (!this.isAnswered) this.reply?.reject(error);
    this.forget();
  }

  /** The sender waits no more; an answer that comes later goes nowhere. */
  forget(): void {
    this.reply = undefined;
    this.holder?.delete(this);
  }

  private markAnswered(): void {
    if (this.isAnswered) {
      const remedy = 'Answer or refuse each request once.';
      throw new MoonpoolError('REPLY_ALREADY_GIVEN', {
        message: `A request to the local actor ${this.addressee} was answered twice`,
        executed: 'yes',
        remedy,
      });
    }
    this.isAnswered = true;
    this.holder?.delete(this);
  }
}

/** Requests, first come first served; adding, taking and withdrawing cost nothing, however many there are. */
export class RequestQueue<Message, Reply> {
  private first: QueuedRequest<Message, Reply> | undefined;
  private last: QueuedRequest<Message, Reply> | undefined;
  private count = 0;

  get length(): number {
    return this.count;
  }

  add(request: QueuedRequest<Message, Reply>): void {
    request.earlier = this.last;
    if (this.last === undefined) this.first = request;
    else this.last.later = request;
    this.last = request;
    this.count++;
  }

  take(): QueuedRequest<Message, Reply> | undefined {
    const request = this.first;
    if (request !== undefined) this.remove(request);
    return request;
  }

  /** @param request one of this queue. */
  remove(request: QueuedRequest<Message, Reply>): void {
    const { earlier, later } = request;
    if (earlier === undefined) this.first = later;
    else earlier.later = later;
    if (later === undefined) this.last = earlier;
    else later.earlier = earlier;
    request.earlier = undefined;
    request.later = undefined;
    this.count--;
  }
}
