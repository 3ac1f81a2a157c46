import type { Deferred } from '../concurrency/deferred';
import type { Linked } from '../concurrency/linked-list';
import { MoonpoolError } from '../errors/moonpool-error';
import type { LocalRequest } from './local-actor';

/** `outside`: waits for room. `inside`: in the mailbox. `taken`: the actor has it. `withdrawn`: its sender gave up before that. */
export type RequestState = 'new' | 'outside' | 'inside' | 'taken' | 'withdrawn';

/** A message on its way; it can be withdrawn from the middle of a mailbox. */
export class QueuedRequest<Message, Reply> implements LocalRequest<Message, Reply>, Linked {
  state: RequestState = 'new';
  /** Its place in the mailbox. */
  earlier: Linked | undefined;
  later: Linked | undefined;
  isLinked = false;
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
