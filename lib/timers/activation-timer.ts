import type { ActorTimer, ActorTimerOptions } from '../actor/actor-timer';
import type { ActorId } from '../identity/actor-id';
import type { ReplyPort } from '../calls/reply-port';
import type { Request } from '../calls/request';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import { ownWork } from '../metadata/own-work';
import type { EventLog } from '../observability/event-log';
import type { RefusalLog } from '../observability/refusal-log';
import type { Timer, TimeProvider } from '../providers/time-provider';

/** What a timer needs from its activation. */
export interface ActivationTimerParts {
  readonly target: ActorId;
  /** Tells the timers of one activation apart, whatever their names. */
  readonly number: number;
  readonly time: TimeProvider;
  readonly refusals: RefusalLog;
  readonly events: EventLog;
  /** The id of the activation. */
  readonly activation: string;
  /** Lets a tick have its turn. */
  readonly tick: (tick: Request) => void;
  /** The timer ticks no more. */
  readonly onCancelled: (timer: ActivationTimer) => void;
}

const NO_ARGUMENTS: readonly unknown[] = [];
const NO_CHAIN: readonly string[] = [];

/**
 * A timer of an activation. It is itself the request of each of its ticks, of which there is one at a time: the next is
 * due at the first multiple of the period that lies after the end of the one before.
 */
export class ActivationTimer implements ActorTimer, Request, ReplyPort {
  started = false;
  readonly args = NO_ARGUMENTS;
  readonly chain = NO_CHAIN;
  readonly deadline = Number.POSITIVE_INFINITY;
  readonly values = undefined;
  readonly work: HandlerDescriptor;
  readonly reply = this;
  private isCancelled = false;
  private waiting: Timer | undefined;
  private dueAt: number;

  constructor(
    callback: (instance: object) => unknown,
    private readonly options: ActorTimerOptions,
    private readonly parts: ActivationTimerParts,
  ) {
    const { name = 'timer', interleave = false } = options;
    const mode = interleave ? 'interleaved' : 'alone';
    this.work = ownWork(name, callback, { mode, keepsAlive: this.keepsAlive });
    const { everyMs, afterMs = everyMs } = options;
    this.dueAt = parts.time.now() + afterMs;
    this.note('timer-set', { everyMs, afterMs });
    this.expect();
  }

  get target(): ActorId {
    return this.parts.target;
  }

  get method(): string {
    return this.work.method;
  }

  get call(): string {
    return `timer ${this.parts.number} ${this.work.method}`;
  }

  /** A tick that waits for its turn is not run when the timer was cancelled meanwhile. */
  get abandoned(): boolean {
    return this.isCancelled;
  }

  get keepsAlive(): boolean {
    return this.options.keepsAlive === true;
  }

  cancel(): void {
    if (this.isCancelled) return;
    this.isCancelled = true;
    this.note('timer-cancelled', {});
    this.waiting?.cancel();
    this.parts.onCancelled(this);
  }

  value(): void {
    this.next();
  }

  error(error: unknown): void {
    const fields = { actor: this.target.path, timer: this.work.method };
    // It fails at each tick, mostly.
    this.parts.refusals.note('a timer of an actor failed', `${fields.actor} ${fields.timer}`, () => ({
      fields,
      error,
    }));
    this.next();
  }

  /** The tick had to give way. */
  refuse(): void {
    this.next();
  }

  /** The activation has ended, and the timer with it. */
  reject(): void {
    this.cancel();
  }

  private note(name: 'timer-set' | 'timer-cancelled', fields: Readonly<Record<string, number>>): void {
    const { events, activation, target } = this.parts;
    if (events.enabled) events.record(name, { actor: target.path, activation, timer: this.call, ...fields });
  }

  private next(): void {
    if (this.isCancelled) return;
    const now = this.parts.time.now();
    const { everyMs } = this.options;
    this.dueAt += everyMs * Math.max(1, Math.ceil((now - this.dueAt) / everyMs));
    this.expect();
  }

  private expect(): void {
    const { time, tick } = this.parts;
    this.started = false;
    this.waiting = time.schedule(Math.max(0, this.dueAt - time.now()), () => tick(this));
  }
}
