import type { Deferred } from '../concurrency/deferred';
import { MoonpoolError } from '../errors/moonpool-error';
import type { LocalLetter } from './local-actor';

/** `outside`: waits for room. `inside`: in the mailbox. `taken`: the actor has it. `withdrawn`: its sender gave up before that. */
export type LetterPlace = 'new' | 'outside' | 'inside' | 'taken' | 'withdrawn';

/** A message on its way, linked to its neighbours, so that one can be withdrawn from the middle of a mailbox. */
export class Letter<Message, Reply> implements LocalLetter<Message, Reply> {
  place: LetterPlace = 'new';
  /** Neighbours in the queue. Written by the queue alone. */
  earlier: Letter<Message, Reply> | undefined;
  later: Letter<Message, Reply> | undefined;
  /** Told when the mailbox has taken the letter, or never will. */
  admission: Deferred<void> | undefined;
  private isAnswered = false;
  private holder: Set<Letter<Message, Reply>> | undefined;

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
  holdIn(holder: Set<Letter<Message, Reply>>): void {
    if (!this.wantsReply) return;
    this.holder = holder;
    holder.add(this);
  }

  /** Ends every wait for this letter with the error; does nothing to those that are over. */
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
      const remedy = 'Answer or refuse each letter once.';
      throw new MoonpoolError('REPLY_ALREADY_GIVEN', {
        message: `A letter to the local actor ${this.addressee} was answered twice`,
        executed: 'yes',
        remedy,
      });
    }
    this.isAnswered = true;
    this.holder?.delete(this);
  }
}

/** Letters, first come first served; adding, taking and withdrawing cost nothing, however many there are. */
export class LetterQueue<Message, Reply> {
  private first: Letter<Message, Reply> | undefined;
  private last: Letter<Message, Reply> | undefined;
  private count = 0;

  get length(): number {
    return this.count;
  }

  add(letter: Letter<Message, Reply>): void {
    letter.earlier = this.last;
    if (this.last === undefined) this.first = letter;
    else this.last.later = letter;
    this.last = letter;
    this.count++;
  }

  take(): Letter<Message, Reply> | undefined {
    const letter = this.first;
    if (letter !== undefined) this.remove(letter);
    return letter;
  }

  /** @param letter one of this queue. */
  remove(letter: Letter<Message, Reply>): void {
    const { earlier, later } = letter;
    if (earlier === undefined) this.first = later;
    else earlier.later = later;
    if (later === undefined) this.last = earlier;
    else later.earlier = earlier;
    letter.earlier = undefined;
    letter.later = undefined;
    this.count--;
  }
}
