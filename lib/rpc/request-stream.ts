import { inCleanContext } from '../concurrency/clean-context';
import { MoonpoolError } from '../errors/moonpool-error';
import { ReplyPromise, type ReplyRoute } from './reply-promise';

/** A request as its handler gets it. */
export interface IncomingRequest<Request, Reply> {
  readonly request: Request;
  readonly reply: ReplyPromise<Reply>;
}

/** What a request stream needs from its transport. */
export interface RequestStreamOwner {
  /** Names the endpoint in messages. */
  readonly name: string;
  /** How many requests may be unanswered. */
  readonly capacity: number;
  /** Runs work that nobody awaits. */
  spawn(work: () => Promise<void>): void;
  onClosed(): void;
}

type Handle<Request, Reply> = (request: Request, reply: ReplyPromise<Reply>) => Promise<void> | void;

/**
 * The requests that come for one endpoint, in the order of their arrival: an async iterator, or, with {@link serve}, a
 * handler for each. It holds at most `capacity` requests that were not answered, be they waiting or in hand; more are
 * refused with REQUEST_STREAM_FULL. When the loop over it ends, or it is closed, what was not answered is broken.
 */
export class RequestStream<Request, Reply> implements AsyncIterable<IncomingRequest<Request, Reply>> {
  private readonly unanswered = new Set<ReplyPromise<Reply>>();
  private readonly waiting: IncomingRequest<Request, Reply>[] = [];
  private readonly takers: ((result: IteratorResult<IncomingRequest<Request, Reply>>) => void)[] = [];
  private handle: Handle<Request, Reply> | undefined;
  private isClosed = false;

  constructor(private readonly owner: RequestStreamOwner) {}

  /** How many requests were not answered yet. */
  get pending(): number {
    return this.unanswered.size;
  }

  /**
   * Calls the handler with each request, at once and without waiting for the one before. Its reply promise is broken when
   * the handler ends without an answer; when the handler throws, the error is the answer.
   */
  serve(handle: Handle<Request, Reply>): void {
    this.handle = handle;
    for (let next = this.waiting.shift(); next !== undefined; next = this.waiting.shift()) this.start(handle, next);
  }

  /** Takes a request that has arrived. Called by the transport. */
  deliver(request: Request, route: ReplyRoute): void {
    const reply: ReplyPromise<Reply> = new ReplyPromise<Reply>(
      route,
      () => this.unanswered.delete(reply),
      this.owner.name,
    );
    if (this.unanswered.size >= this.owner.capacity) {
      const message = `A request for ${this.owner.name} was refused: ${this.unanswered.size} requests wait for their answers there`;
      reply.refuse(new MoonpoolError('REQUEST_STREAM_FULL', { message }));
      return;
    }
    this.unanswered.add(reply);
    const incoming = { request, reply };
    const taker = this.takers.shift();
    if (this.handle !== undefined) this.start(this.handle, incoming);
    else if (taker === undefined) this.waiting.push(incoming);
    else taker({ done: false, value: incoming });
  }

  /** Takes no more requests; what was not answered is broken. Does nothing when it is closed. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.waiting.length = 0;
    for (const reply of [...this.unanswered]) reply.break();
    for (const taker of this.takers.splice(0)) taker({ done: true, value: undefined });
    this.owner.onClosed();
  }

  [Symbol.asyncIterator](): AsyncIterator<IncomingRequest<Request, Reply>> {
    return {
      next: () => this.next(),
      // The loop has ended, so nobody is left who would answer.
      return: () => {
        this.close();
        return Promise.resolve({ done: true, value: undefined });
      },
    };
  }

  private next(): Promise<IteratorResult<IncomingRequest<Request, Reply>>> {
    const first = this.waiting.shift();
    if (first !== undefined) return Promise.resolve({ done: false, value: first });
    if (this.isClosed) return Promise.resolve({ done: true, value: undefined });
    return new Promise((resolve) => this.takers.push(resolve));
  }

  private start(handle: Handle<Request, Reply>, { request, reply }: IncomingRequest<Request, Reply>): void {
    // The connection by which it came is in the context of whoever dialled, or listens.
    inCleanContext(() => this.owner.spawn(() => this.run(handle, request, reply)));
  }

  private async run(handle: Handle<Request, Reply>, request: Request, reply: ReplyPromise<Reply>): Promise<void> {
    try {
      await handle(request, reply);
    } catch (error) {
      // Whoever waited has learnt from the end of the stream that no answer comes: what it would have been concerns nobody.
      if (reply.isBroken && this.isClosed) return;
      if (reply.isAnswered) throw error;
      reply.fail(error);
    } finally {
      reply.break();
    }
  }
}
