import { Deferred } from '../concurrency/deferred';
import { onAbort } from '../concurrency/abort-listeners';
import { MoonpoolError } from '../errors/moonpool-error';
import { given } from '../options/option-table';
import { bodyOf } from './actor-body';
import { QueuedRequest } from './queued-request';
import type { LocalBehaviour, LocalContext } from './local-actor';
import { failedEnding, type LocalEnding } from './local-ending';
import {
  STOP_OPTIONS,
  WAIT_OPTIONS,
  type LocalHandle,
  type LocalStopOptions,
  type LocalWaitOptions,
} from './local-handle';
import { LocalLife } from './local-life';
import { LocalMailbox } from './local-mailbox';
import { DEFAULT_LOCAL_OPTIONS, type LocalOptions } from './local-options';
import type { LocalWorld } from './local-world';
import type { ChildOwner, SupervisedChild } from './supervised-child';

/** A local actor over all its lives: the handle that others have, the mailbox, and the life that works it off. */
export class LocalCell<Message, Reply> implements LocalHandle<Message, Reply>, SupervisedChild {
  private readonly mailbox: LocalMailbox<Message, Reply>;
  private readonly startLimitMs: number;
  private readonly stopLimitMs: number;
  private readonly end = new Deferred<LocalEnding>();
  private readonly firstStart = new Deferred<void>();
  private life: LocalLife<Message, Reply> | undefined;
  private ending: LocalEnding | undefined;
  /** Set when it takes no more messages, for good. */
  private closed: MoonpoolError | undefined;
  private stopping: Promise<LocalEnding> | undefined;
  private isHalting = false;

  /** @param owner decides what comes after a life. */
  constructor(
    readonly name: string,
    readonly behaviour: LocalBehaviour<Message, Reply>,
    private readonly world: LocalWorld,
    private readonly owner: ChildOwner,
    options: LocalOptions = {},
  ) {
    const { mailboxCapacity, startLimitMs, stopLimitMs } = { ...DEFAULT_LOCAL_OPTIONS, ...given(options) };
    this.mailbox = new LocalMailbox(name, mailboxCapacity);
    this.startLimitMs = startLimitMs;
    this.stopLimitMs = stopLimitMs;
    // Who does not ask whether it has started does not want to know that it never will.
    this.firstStart.promise.catch(() => undefined);
  }

  get queued(): number {
    return this.mailbox.length;
  }

  get ended(): Promise<LocalEnding> {
    return this.end.promise;
  }

  get hasEnded(): boolean {
    return this.ending !== undefined;
  }

  whenStarted(): Promise<void> {
    return this.firstStart.promise;
  }

  trySend(message: Message): void {
    this.refuseWhenClosed();
    this.mailbox.offer(new QueuedRequest<Message, Reply>(message, undefined, this.name));
  }

  async send(message: Message, options: LocalWaitOptions = {}): Promise<void> {
    WAIT_OPTIONS.check('send', options);
    this.refuseWhenClosed();
    const request = new QueuedRequest<Message, Reply>(message, undefined, this.name);
    const admission = this.mailbox.post(request);
    if (admission !== undefined) await this.waiting(request, admission, options);
  }

  async request(message: Message, options: LocalWaitOptions = {}): Promise<Reply> {
    WAIT_OPTIONS.check('request', options);
    this.refuseWhenClosed();
    const reply = new Deferred<Reply>();
    const request = new QueuedRequest<Message, Reply>(message, reply, this.name);
    // When there is no room ever, the answer fails as well, and that is the promise which is awaited.
    this.mailbox.post(request)?.catch(() => undefined);
    return this.waiting(request, reply.promise, options);
  }

  stop(options: LocalStopOptions = {}): Promise<LocalEnding> {
    STOP_OPTIONS.check('stop', options);
    const { drain = true, limitMs = this.stopLimitMs } = options;
    this.stopping ??= this.stopForGood(drain, limitMs);
    if (!drain) this.life?.stop(false);
    return this.stopping;
  }

  /** Begins a life. Settles, never with an error, when it has started or is over already. */
  async begin(): Promise<void> {
    if (this.closed !== undefined) return;
    const { name, mailbox, world } = this;
    const life = new LocalLife<Message, Reply>({ name, mailbox, tasks: world.tasks, logger: world.logger });
    this.life = life;
    this.world.tell('local:start', { name });
    life.run(bodyOf(this.behaviour, life), this.contextOf(life));
    void life.over.then((ending) => this.lifeOver(life, ending));
    const message = `The local actor ${name} did not start within ${this.startLimitMs} ms`;
    const error = new MoonpoolError('LIFECYCLE_TIMEOUT', {
      message,
      remedy: 'Find what its `onStart` waits for, or raise `startLimitMs`.',
    });
    const timer = world.time.schedule(this.startLimitMs, () =>
      life.abandon(failedEnding(`The local actor ${name}`, error)),
    );
    await life.begun;
    timer.cancel();
    if (life.hasStarted) this.firstStart.resolve();
  }

  /** Ends the present life; the mailbox stays, for the next. Settles when that is done, never with an error. */
  async halt(): Promise<void> {
    const { life } = this;
    if (life === undefined) return;
    this.isHalting = true;
    life.stop(false);
    await this.withinLimit(life, this.stopLimitMs);
    this.isHalting = false;
  }

  /** Ends it for good: nothing is started after this. */
  finish(ending: LocalEnding): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    const error = this.refusal(ending);
    this.closed = error;
    this.mailbox.refuseAll(error);
    this.firstStart.reject(error);
    this.world.tell('local:end', { name: this.name, code: ending.code, description: ending.description });
    this.owner.childEnded(this);
    this.end.resolve(ending);
  }

  private async stopForGood(drain: boolean, limitMs: number): Promise<LocalEnding> {
    const told: LocalEnding = { code: 'stopped', description: `The local actor ${this.name} was stopped` };
    this.closed ??= this.refusal(told);
    this.mailbox.refuseOutside(this.closed);
    const { life } = this;
    life?.stop(drain);
    if (life === undefined) this.finish(this.ending ?? told);
    else await this.withinLimit(life, limitMs);
    return this.end.promise;
  }

  private async withinLimit(life: LocalLife<Message, Reply>, limitMs: number): Promise<void> {
    const timer = this.world.time.schedule(limitMs, () => {
      const message = `The local actor ${this.name} did not stop within ${limitMs} ms and was given up`;
      const remedy = 'Have it heed the signal of its context, or raise `stopLimitMs`.';
      this.world.logger.error(message, new MoonpoolError('LIFECYCLE_TIMEOUT', { message, remedy }));
      life.abandon({ code: 'stopped', description: message });
    });
    await life.over;
    timer.cancel();
  }

  private lifeOver(life: LocalLife<Message, Reply>, ending: LocalEnding): void {
    if (this.life === life) this.life = undefined;
    if (this.ending !== undefined) return;
    if (this.stopping !== undefined) this.finish(ending);
    else if (!this.isHalting) this.owner.lifeOver(this, ending);
    else if (ending.code === 'failed')
      this.world.logger.error(`The local actor ${this.name} failed while it was stopped`, ending.error);
  }

  private async waiting<T>(
    request: QueuedRequest<Message, Reply>,
    outcome: Promise<T>,
    { timeoutMs = DEFAULT_LOCAL_OPTIONS.timeoutMs, signal }: LocalWaitOptions,
  ): Promise<T> {
    if (signal?.aborted === true)
      return this.giveUp(request, outcome, 'CALL_CANCELLED', 'was cancelled by its sender before it was sent');
    const interruption = new Deferred<T>();
    const cancel = (): void =>
      interruption.resolve(this.giveUp(request, outcome, 'CALL_CANCELLED', 'was cancelled by its sender'));
    const timer = this.world.time.schedule(timeoutMs, () =>
      interruption.resolve(this.giveUp(request, outcome, 'CALL_TIMEOUT', `took longer than ${timeoutMs} ms`)),
    );
    const release = signal === undefined ? undefined : onAbort(signal, cancel);
    try {
      return await Promise.race([outcome, interruption.promise]);
    } finally {
      timer.cancel();
      release?.();
    }
  }

  /** The sender waits no more. Where the actor has not got the request it never will. */
  private giveUp<T>(
    request: QueuedRequest<Message, Reply>,
    outcome: Promise<T>,
    code: 'CALL_TIMEOUT' | 'CALL_CANCELLED',
    why: string,
  ): Promise<T> {
    const executed = this.mailbox.withdraw(request) ? 'no' : 'maybe';
    request.forget();
    outcome.catch(() => undefined);
    const message = `A message to the local actor ${this.name} ${why}`;
    const remedy = 'Give it more time with `timeoutMs`, or have the local actor do less for each message.';
    return Promise.reject(
      new MoonpoolError(code, code === 'CALL_TIMEOUT' ? { message, executed, remedy } : { message, executed }),
    );
  }

  private contextOf(life: LocalLife<Message, Reply>): LocalContext<Message, Reply> {
    const { name, world } = this;
    const { time, random, logger } = world;
    return {
      name,
      self: this,
      time,
      random,
      logger,
      signal: life.signal,
      receive: () => life.receive(),
      finish: () => life.leave(),
    };
  }

  private refuseWhenClosed(): void {
    // Each refusal is an error of its own: its stack is that of who sent the message.
    if (this.closed !== undefined)
      throw new MoonpoolError('LOCAL_ACTOR_ENDED', { message: this.closed.detail, cause: this.closed.cause });
  }

  private refusal({ description, error }: LocalEnding): MoonpoolError {
    return new MoonpoolError('LOCAL_ACTOR_ENDED', {
      message: `The local actor ${this.name} takes no messages: ${description}`,
      cause: error,
    });
  }
}
