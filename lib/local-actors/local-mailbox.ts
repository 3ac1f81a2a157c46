import { Deferred } from '../concurrency/deferred';
import { MoonpoolError } from '../errors/moonpool-error';
import { LinkedList } from '../concurrency/linked-list';
import type { QueuedRequest } from './queued-request';

/**
 * The messages that wait for a local actor, and the senders that wait for room. It outlives the lives of its actor: one
 * of them reads from it at a time.
 */
export class LocalMailbox<Message, Reply> {
  private readonly inside = new LinkedList<QueuedRequest<Message, Reply>>();
  private readonly outside = new LinkedList<QueuedRequest<Message, Reply>>();
  /** Bodies may wait for several requests at once, to work on as many. */
  private readonly readers: Deferred<QueuedRequest<Message, Reply> | undefined>[] = [];

  constructor(
    private readonly owner: string,
    readonly capacity: number,
  ) {}

  get length(): number {
    return this.inside.length;
  }

  /** Takes the request in. @throws MoonpoolError MAILBOX_FULL */
  offer(request: QueuedRequest<Message, Reply>): void {
    if (this.inside.length >= this.capacity) throw this.refusal(`holds ${this.capacity} messages, as many as it may`);
    this.admit(request);
  }

  /** Takes the request in, now or when there is room; undefined when that was now. @throws MoonpoolError MAILBOX_FULL */
  post(request: QueuedRequest<Message, Reply>): Promise<void> | undefined {
    if (this.inside.length < this.capacity) {
      this.admit(request);
      return undefined;
    }
    // Senders that never wait for their sends must not pile up without end either.
    if (this.outside.length >= this.capacity) throw this.refusal(`is full, and ${this.capacity} others wait for room`);
    request.admission = new Deferred<void>();
    request.state = 'outside';
    this.outside.append(request);
    return request.admission.promise;
  }

  /** The request that has waited longest; undefined when there is none. */
  takeNow(): QueuedRequest<Message, Reply> | undefined {
    const request = this.inside.shift();
    if (request === undefined) return undefined;
    request.state = 'taken';
    const next = this.outside.shift();
    if (next !== undefined) this.admit(next);
    return request;
  }

  /** The next request, when it comes; undefined when {@link wakeReaders} comes first. */
  take(): Promise<QueuedRequest<Message, Reply> | undefined> {
    const request = this.takeNow();
    if (request !== undefined) return Promise.resolve(request);
    const reader = new Deferred<QueuedRequest<Message, Reply> | undefined>();
    this.readers.push(reader);
    return reader.promise;
  }

  /** Has those who wait for a request go without one. */
  wakeReaders(): void {
    for (const reader of this.readers.splice(0)) reader.resolve(undefined);
  }

  /** Takes the request out, if the actor has not got it. True when that was so: then the actor never sees it. */
  withdraw(request: QueuedRequest<Message, Reply>): boolean {
    if (request.state === 'outside') this.outside.unlink(request);
    else if (request.state === 'inside') {
      this.inside.unlink(request);
      const next = this.outside.shift();
      if (next !== undefined) this.admit(next);
    } else return request.state !== 'taken';
    request.state = 'withdrawn';
    return true;
  }

  /** Refuses all who wait for room. */
  refuseOutside(error: MoonpoolError): void {
    for (let request = this.outside.shift(); request !== undefined; request = this.outside.shift())
      this.drop(request, error);
  }

  /** Refuses all that wait. */
  refuseAll(error: MoonpoolError): void {
    this.refuseOutside(error);
    for (let request = this.inside.shift(); request !== undefined; request = this.inside.shift())
      this.drop(request, error);
  }

  private drop(request: QueuedRequest<Message, Reply>, error: MoonpoolError): void {
    request.state = 'withdrawn';
    request.end(error);
  }

  private admit(request: QueuedRequest<Message, Reply>): void {
    request.admission?.resolve();
    const reader = this.readers.shift();
    if (reader !== undefined) {
      request.state = 'taken';
      reader.resolve(request);
      return;
    }
    request.state = 'inside';
    this.inside.append(request);
  }

  private refusal(why: string): MoonpoolError {
    const remedy = 'Slow down, wait with send, or raise `mailboxCapacity` of the local actor.';
    return new MoonpoolError('MAILBOX_FULL', {
      message: `The mailbox of the local actor ${this.owner} ${why}`,
      remedy,
    });
  }
}
