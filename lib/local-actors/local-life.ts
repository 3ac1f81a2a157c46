import { inCleanContext } from '../concurrency/clean-context';
import { Deferred } from '../concurrency/deferred';
import { guardedAbort } from '../concurrency/guarded-signal';
import { MoonpoolError } from '../errors/moonpool-error';
import type { Logger } from '../observability/logger';
import type { TaskProvider } from '../providers/task-provider';
import type { ActorBody, LifeWitness } from './actor-body';
import type { QueuedRequest } from './queued-request';
import type { LocalContext, LocalRequest } from './local-actor';
import { failedEnding, type LocalEnding } from './local-ending';
import type { LocalMailbox } from './local-mailbox';

/** After so many messages the event loop gets its chance, though more wait. */
const MESSAGES_BEFORE_YIELD = 100;

/** How a life goes on: as ever, until its mailbox is empty, or only to the end of the present message. */
type Pace = 'living' | 'draining' | 'leaving';

/** What a life is made of. */
export interface LocalLifeParts<Message, Reply> {
  readonly name: string;
  readonly mailbox: LocalMailbox<Message, Reply>;
  readonly tasks: TaskProvider;
  readonly logger: Logger;
}

/** One life of a local actor: a run of its body, from which it gets what the mailbox holds. */
export class LocalLife<Message, Reply> implements LifeWitness {
  private readonly abort: AbortController;
  private readonly start = new Deferred<void>();
  private readonly end = new Deferred<LocalEnding>();
  /** Requests that the body has and whose senders wait for an answer. */
  private readonly inHand = new Set<QueuedRequest<Message, Reply>>();
  private pace: Pace = 'living';
  private isOver = false;
  private wasTold = false;
  private received = 0;
  hasStarted = false;

  constructor(private readonly parts: LocalLifeParts<Message, Reply>) {
    this.abort = guardedAbort((error) =>
      parts.logger.error(`a listener on the signal of the local actor ${parts.name} failed`, error),
    );
  }

  /** Settles when the life has started, or is over. */
  get begun(): Promise<void> {
    return this.start.promise;
  }

  /** Settles when the life is over, never with an error. */
  get over(): Promise<LocalEnding> {
    return this.end.promise;
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  run(body: ActorBody<Message, Reply>, context: LocalContext<Message, Reply>): void {
    // It works for many, and outlives who has started it.
    inCleanContext(() => this.parts.tasks.spawn(`local actor ${this.parts.name}`, () => this.live(body, context)));
  }

  private async live(body: ActorBody<Message, Reply>, context: LocalContext<Message, Reply>): Promise<void> {
    try {
      await body(context);
      this.finish(this.orderlyEnding());
    } catch (error) {
      this.finish(failedEnding(`The local actor ${this.parts.name}`, error));
    }
  }

  started(): void {
    if (this.isOver) return;
    this.hasStarted = true;
    this.start.resolve();
  }

  /** How the life ends when its body throws nothing. */
  orderlyEnding(): LocalEnding {
    const { name } = this.parts;
    if (this.wasTold) return { code: 'stopped', description: `The local actor ${name} was stopped` };
    return { code: 'finished', description: `The local actor ${name} finished` };
  }

  async receive(): Promise<LocalRequest<Message, Reply> | undefined> {
    const { mailbox, tasks } = this.parts;
    if (++this.received % MESSAGES_BEFORE_YIELD === 0) await tasks.yield();
    if (this.isOver || this.pace === 'leaving') return undefined;
    const request = this.pace === 'draining' ? mailbox.takeNow() : await mailbox.take();
    if (request === undefined) return undefined;
    request.holdIn(this.inHand);
    return request;
  }

  /** The body is to end after the present message, of itself. */
  leave(): void {
    this.pace = 'leaving';
    this.parts.mailbox.wakeReaders();
  }

  /** The body is asked to end: after what is in the mailbox, or after the present message. */
  stop(drain: boolean): void {
    if (this.isOver) return;
    this.wasTold = true;
    if (this.pace === 'living') this.pace = 'draining';
    if (!drain) {
      this.pace = 'leaving';
      this.abort.abort();
    }
    this.parts.mailbox.wakeReaders();
  }

  /** The body takes too long to start or to end: whatever it does from now on is nobody's business. */
  abandon(ending: LocalEnding): void {
    this.abort.abort();
    this.finish(ending);
  }

  private finish(ending: LocalEnding): void {
    if (this.isOver) return;
    this.isOver = true;
    this.parts.mailbox.wakeReaders();
    const message = `The local actor ${this.parts.name} ended before it answered (${ending.description})`;
    for (const request of [...this.inHand])
      request.end(new MoonpoolError('LOCAL_ACTOR_ENDED', { message, executed: 'maybe', cause: ending.error }));
    this.start.resolve();
    this.end.resolve(ending);
  }
}
