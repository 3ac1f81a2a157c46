import { Deferred } from '../concurrency/deferred';
import { MoonpoolError } from '../errors/moonpool-error';
import { LetterQueue, type Letter } from './letter';

/**
 * The messages that wait for a local actor, and the senders that wait for room. It outlives the lives of its actor: one
 * of them reads from it at a time.
 */
export class LocalMailbox<Message, Reply> {
  private readonly inside = new LetterQueue<Message, Reply>();
  private readonly outside = new LetterQueue<Message, Reply>();
  /** Bodies may wait for several letters at once, to work on as many. */
  private readonly readers: Deferred<Letter<Message, Reply> | undefined>[] = [];

  constructor(
    private readonly owner: string,
    readonly capacity: number,
  ) {}

  get length(): number {
    return this.inside.length;
  }

  /** Takes the letter in. @throws MoonpoolError MAILBOX_FULL */
  offer(letter: Letter<Message, Reply>): void {
    if (this.inside.length >= this.capacity) throw this.refusal(`holds ${this.capacity} messages, as many as it may`);
    this.admit(letter);
  }

  /** Takes the letter in, now or when there is room; undefined when that was now. @throws MoonpoolError MAILBOX_FULL */
  post(letter: Letter<Message, Reply>): Promise<void> | undefined {
    if (this.inside.length < this.capacity) {
      this.admit(letter);
      return undefined;
    }
    // Senders that never wait for their sends must not pile up without end either.
    if (this.outside.length >= this.capacity) throw this.refusal(`is full, and ${this.capacity} others wait for room`);
    letter.admission = new Deferred<void>();
    letter.place = 'outside';
    this.outside.add(letter);
    return letter.admission.promise;
  }

  /** The letter that has waited longest; undefined when there is none. */
  takeNow(): Letter<Message, Reply> | undefined {
    const letter = this.inside.take();
    if (letter === undefined) return undefined;
    letter.place = 'taken';
    const next = this.outside.take();
    if (next !== undefined) this.admit(next);
    return letter;
  }

  /** The next letter, when it comes; undefined when {@link wakeReaders} comes first. */
  take(): Promise<Letter<Message, Reply> | undefined> {
    const letter = this.takeNow();
    if (letter !== undefined) return Promise.resolve(letter);
    const reader = new Deferred<Letter<Message, Reply> | undefined>();
    this.readers.push(reader);
    return reader.promise;
  }

  /** Has those who wait for a letter go without one. */
  wakeReaders(): void {
    for (const reader of this.readers.splice(0)) reader.resolve(undefined);
  }

  /** Takes the letter out, if the actor has not got it. True when that was so: then the actor never sees it. */
  withdraw(letter: Letter<Message, Reply>): boolean {
    if (letter.place === 'outside') this.outside.remove(letter);
    else if (letter.place === 'inside') {
      this.inside.remove(letter);
      const next = this.outside.take();
      if (next !== undefined) this.admit(next);
    } else return letter.place !== 'taken';
    letter.place = 'withdrawn';
    return true;
  }

  /** Refuses all who wait for room. */
  refuseOutside(error: MoonpoolError): void {
    for (let letter = this.outside.take(); letter !== undefined; letter = this.outside.take()) this.drop(letter, error);
  }

  /** Refuses all that wait. */
  refuseAll(error: MoonpoolError): void {
    this.refuseOutside(error);
    for (let letter = this.inside.take(); letter !== undefined; letter = this.inside.take()) this.drop(letter, error);
  }

  private drop(letter: Letter<Message, Reply>, error: MoonpoolError): void {
    letter.place = 'withdrawn';
    letter.end(error);
  }

  private admit(letter: Letter<Message, Reply>): void {
    letter.admission?.resolve();
    const reader = this.readers.shift();
    if (reader !== undefined) {
      letter.place = 'taken';
      reader.resolve(letter);
      return;
    }
    letter.place = 'inside';
    this.inside.add(letter);
  }

  private refusal(why: string): MoonpoolError {
    const remedy = 'Slow down, wait with send, or raise `mailboxCapacity` of the local actor.';
    return new MoonpoolError('MAILBOX_FULL', {
      message: `The mailbox of the local actor ${this.owner} ${why}`,
      remedy,
    });
  }
}
