import { Deferred } from '../concurrency/deferred';
import { guardedAbort } from '../concurrency/guarded-signal';
import type { Linked } from '../concurrency/linked-list';
import { MoonpoolError } from '../errors/moonpool-error';
import { withValues, type ContextValues } from '../calls/context-values';
import type { Outbox } from '../calls/outbox';
import type { OutputGate } from '../calls/output-gate';
import type { OpenCall, OpenCalls } from '../calls/open-calls';
import type { CallScope, Request } from '../calls/request';
import type { HandlerDescriptor, TurnMode } from '../metadata/actor-descriptor';
import type { Timer, TimeProvider } from '../providers/time-provider';
import type { DeadlockQuestion } from './deadlock-question';
import type { HandlerEnd } from './handler-end';
import { TurnDecisions } from './turn-decisions';

/** What is durable of an activation, as its turns know it when they speak to others. */
export interface TurnDurability {
  /** False when nothing of the actor is durable, in whatever storage. */
  readonly isDurable: boolean;
  /** False when nothing of the actor is in the default storage: its turns have nowhere to put decisions. */
  readonly keepsDecisions: boolean;
  /** What a turn says to others leaves when what it knows is durable. */
  readonly isGated: boolean;
  /** Makes durable what the turn has decided so far, before it asks others. Undefined when there is nothing to wait for. */
  commitSoFar(turn: Turn): Promise<void> | undefined;
}

/** The turns of one activation, as each of them knows them. */
export interface TurnHome {
  /** The id of the activation. */
  readonly id: string;
  /** How many requests wait. */
  readonly waiting: number;
  /** Calls that earlier turns have begun and not waited for. */
  readonly leftCalls: readonly OpenCall[];
  /** What is durable of it. */
  readonly durable: TurnDurability;
}

/** One turn of an activation, from the moment it begins: what the calls made from it inherit, and what its handler may ask about it. */
export class Turn implements CallScope, OutputGate, Linked {
  openCalls: OpenCalls | undefined;
  looseCalls: OpenCalls | undefined;
  /** Its place among the turns that are under way on the node. */
  earlier: Linked | undefined;
  later: Linked | undefined;
  isLinked = false;
  /** Whether it waits for itself, as it has asked last; undefined before the first time. */
  question: DeadlockQuestion | undefined;
  /** It took long, and that was said. */
  isReported = false;
  /** What its handler is about to decide, and asks the store for first; undefined when that is done, or has failed. */
  preparing: Promise<void> | undefined;
  /** Whose end it waits for before its handler runs, for both calls have one key. */
  behind: { readonly turn: Turn; readonly refuse: (error: MoonpoolError) => void } | undefined;
  private puttingBack: (() => void)[] | undefined;
  /** How many turns wait so for this one. */
  followers = 0;
  /** Made when it decides something beside the values of its states. */
  decisions: TurnDecisions | undefined;
  /** What its handler came to, where filters stand around it, which may answer otherwise. Undefined where none do. */
  handled: HandlerEnd | 'not run' | 'at work' | undefined;
  private ownValues: ContextValues | undefined;
  private fullChain: readonly string[] | undefined;
  private controller: AbortController | undefined;
  private deadlineTimer: Timer | undefined;

  /** @param startedAt milliseconds of the monotonic clock. */
  constructor(
    readonly request: Request,
    readonly handler: HandlerDescriptor,
    readonly number: number,
    readonly mode: TurnMode,
    readonly startedAt: number,
    /** Whose turn it is. */
    readonly loop: TurnHome,
    /** Another turn of the activation may be under way at the same time. */
    readonly mayOverlap: boolean,
  ) {
    this.ownValues = request.values;
  }

  get id(): string {
    return `${this.loop.id}/${this.number}`;
  }

  get actor(): string {
    return this.request.target.path;
  }

  /** False while filters have kept its call from the handler, so that nothing of it is to be remembered. */
  get isExecuted(): boolean {
    return this.handled !== 'not run';
  }

  /** It is no more among those that are under way. */
  get isOver(): boolean {
    return !this.isLinked;
  }

  /** All calls that have not ended and that it may be waiting for. */
  get waitsFor(): readonly OpenCall[] {
    return [...(this.openCalls?.all ?? []), ...(this.looseCalls?.all ?? []), ...this.loop.leftCalls];
  }

  /** The handler and its actor, for messages. */
  describe(): string {
    return `${this.request.method} of ${this.request.target.path}`;
  }

  get deadline(): number {
    return this.request.deadline;
  }

  get chain(): readonly string[] {
    this.fullChain ??= [...this.request.chain, this.request.target.path];
    return this.fullChain;
  }

  get values(): ContextValues | undefined {
    return this.ownValues;
  }

  get outbox(): Outbox | undefined {
    return this.loop.durable.keepsDecisions ? (this.decisions ??= new TurnDecisions()) : undefined;
  }

  /** Something of its actor is durable. */
  get isDurable(): boolean {
    return this.loop.durable.isDurable;
  }

  get gate(): OutputGate | undefined {
    return this.loop.durable.isGated ? this : undefined;
  }

  opened(): Promise<void> | undefined {
    return this.loop.durable.commitSoFar(this);
  }

  hold(message: () => void): void {
    (this.decisions ??= new TurnDecisions()).hold(message);
  }

  /** Is called when the handler fails and nothing of what it has changed is written. */
  putsBack(state: () => void): void {
    (this.puttingBack ??= []).push(state);
  }

  putBack(): void {
    for (const state of this.puttingBack?.splice(0) ?? []) state();
  }

  /** The turn does not end before that, awaited or not: what it decides goes with its commit. */
  prepare(work: Promise<void>): void {
    this.preparing = work;
    const done = (): void => {
      if (this.preparing === work) this.preparing = undefined;
    };
    work.then(done, done);
  }

  /** The actor is deleted with the next commit. */
  destroyActor(): void {
    (this.decisions ??= new TurnDecisions()).destroy();
  }

  /** Resolves when the other turn, whose call has the same key, has ended. Rejects with CALL_DEADLOCK when that one waits for this. */
  async waitBehind(turn: Turn, ended: Promise<void>): Promise<void> {
    const refusal = new Deferred<never>();
    this.behind = { turn, refuse: (error) => refusal.reject(error) };
    turn.followers++;
    try {
      await Promise.race([ended, refusal.promise]);
    } finally {
      turn.followers--;
      this.behind = undefined;
    }
  }

  /** Says something about the request to all calls that are made from here on. */
  say(name: string, value: unknown): void {
    this.ownValues = withValues(this.ownValues, { [name]: value });
  }

  /** Aborts when the caller waits no more, or at the deadline; made when somebody asks for it. @param onFailed learns what a listener on it has thrown. */
  signal(time: TimeProvider, onFailed: (error: unknown) => void): AbortSignal {
    if (this.controller !== undefined) return this.controller.signal;
    const { request } = this;
    const controller = guardedAbort(onFailed);
    this.controller = controller;
    if (request.abandoned) controller.abort(this.overdue(time.now()));
    request.onCancelled = (reason) => controller.abort(reason);
    if (Number.isFinite(request.deadline)) {
      this.deadlineTimer = time.schedule(Math.max(0, request.deadline - time.now()), () =>
        controller.abort(this.overdue(time.now())),
      );
    }
    return controller.signal;
  }

  /** Its signal, which somebody has asked for, has aborted: what the handler threw may say no more than that. */
  get isAborted(): boolean {
    return this.controller?.signal.aborted === true;
  }

  /** The turn is over: nobody gets anything any more. */
  close(): void {
    if (this.controller === undefined) return;
    this.request.onCancelled = undefined;
    this.deadlineTimer?.cancel();
  }

  private overdue(now: number): MoonpoolError {
    const { method, target } = this.request;
    const message = `The call ${method} of ${target.path} reached its deadline ${Math.round(now - this.startedAt)} ms after its turn began`;
    return new MoonpoolError('CALL_TIMEOUT', {
      message,
      executed: 'maybe',
      remedy:
        'End the turn: nobody waits for its answer any more. Or have the caller give it more time with $with({ timeoutMs }).',
    });
  }
}
