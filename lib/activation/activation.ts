import type { ActorTimer, ActorTimerOptions } from '../actor/actor-timer';
import type { DeactivationReason } from '../actor/deactivation-reason';
import { Deferred } from '../concurrency/deferred';
import { moved } from '../concurrency/state-machine';
import type { ActorId } from '../identity/actor-id';
import type { Rejection } from '../calls/rejection';
import type { Request } from '../calls/request';
import type { Location } from '../directory/location-cache';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import { refused } from '../migration/destinations';
import type { MoveTarget } from '../migration/migration-requests';
import type { ContextOwner } from './activation-context';
import { concludeActor } from './activation-end';
import { lifecycleTimeout } from './activation-failure';
import { ACTIVATION_MOVES, type ActivationState } from './activation-state';
import { fencedBy, MIGRATING, REQUESTED } from './end-reasons';
import { ActivationMove } from './activation-move';
import type { PartsOfActivation } from './activation-parts';
import { ActivationTimers } from '../timers/activation-timers';
import type { RunQueue } from '../scheduling/run-queue';
import { runActorCode } from '../turns/actor-code';
import type { Hook } from '../turns/hook-request';
import type { DurableOwner, DurableState } from '../turns/durable-state';
import type { ActorReminders } from '../turns/actor-reminders';
import type { Turn } from '../turns/turn';
import { TurnLoop } from '../turns/turn-loop';
import type { TurnLoopOwner } from '../turns/turn-owner';

/** What activations need from their node. */
export type ActivationParts = PartsOfActivation<Activation>;

/** One actor in memory, and its life: from its registration to the last hook. Its turns are those of its {@link TurnLoop}. */
export class Activation implements TurnLoopOwner, ContextOwner, DurableOwner {
  private current: ActivationState = 'creating';
  readonly loop: TurnLoop;
  readonly durable: DurableState;
  /** Made when there is the first one, for most actors have none. */
  private timers: ActivationTimers | undefined;
  /** Made when somebody asks for them, for most actors have none. */
  private ownReminders: ActorReminders | undefined;
  /** Made when somebody asks for it. */
  private scopeOfTurns: (() => Turn | undefined) | undefined;
  private actor: object | undefined;
  private endReason: DeactivationReason | undefined;
  /** Why it ends when its mailbox is empty; undefined while nobody asks for that. */
  private whenIdle: DeactivationReason | undefined;
  /** Made when it is to move. */
  private move: ActivationMove | undefined;
  private keptUntil: number | undefined;
  /** Those who wait for the end; made when somebody does. */
  private ended: Deferred<void> | undefined;
  /** Those who wait until it is known whether it becomes active; made when somebody does. */
  private decision: Deferred<void> | undefined;

  constructor(
    readonly target: ActorId,
    readonly id: string,
    readonly descriptor: ActorDescriptor,
    readonly stateKey: string,
    private readonly parts: ActivationParts,
  ) {
    this.durable = parts.durable.open(this);
    this.loop = new TurnLoop(this, descriptor.options.mailboxCapacity ?? parts.mailboxCapacity, parts);
  }

  /** Where its turns wait for the event loop. */
  get runQueue(): RunQueue {
    return this.parts.runQueue;
  }

  /** The turn in progress, for those who ask later. */
  get scope(): () => Turn | undefined {
    this.scopeOfTurns ??= () => this.loop.current;
    return this.scopeOfTurns;
  }

  /** It does something by itself, without being called. */
  get hasTimers(): boolean {
    return this.timers?.isEmpty === false;
  }

  /** The directory knows it: it is the only one of its actor in the cluster. */
  get isRegistered(): boolean {
    return this.descriptor.addressing.isRegistered;
  }

  get state(): ActivationState {
    return this.current;
  }

  /** It takes no more requests. */
  get isOver(): boolean {
    return this.current === 'invalid';
  }

  /** @throws MoonpoolError INVALID_STATE_MOVE */
  enter(state: ActivationState): void {
    this.current = moved(ACTIVATION_MOVES, this.id, this.current, state);
  }

  get isActive(): boolean {
    return this.current === 'active';
  }

  /** Resolves when it is active, or has ended. */
  get decided(): Promise<void> {
    if (this.isActive || this.isOver) return Promise.resolve();
    this.decision ??= new Deferred();
    return this.decision.promise;
  }

  get isEnding(): boolean {
    return this.endReason !== undefined;
  }

  get instance(): object | undefined {
    return this.actor;
  }

  /** Milliseconds for which nobody has used it; 0 while there is something to do, or while it is to be kept. */
  get idleMs(): number {
    if (!this.isActive || this.timers?.keepAlive === true) return 0;
    return this.keptUntil === undefined || this.parts.time.now() >= this.keptUntil ? this.loop.idleMs : 0;
  }

  get turn(): Turn | undefined {
    return this.loop.current;
  }

  /** Takes the request; it is run, answered with an error, or rejected when the activation ends. */
  receive(request: Request): void {
    if (request.references !== undefined) request.references.bindTo(this.scope);
    if (this.isOver) request.reply.reject({ why: 'the activation has ended', isForNext: this.actor !== undefined });
    else this.loop.receive(request);
  }

  /** Ends the activation as soon as its mailbox is empty; that may be now, but never in the midst of the code that asks for it. */
  endOnIdle(): void {
    this.whenIdle = REQUESTED;
    void Promise.resolve().then(() => this.parts.runQueue.submit(this.loop));
  }

  /** As {@link endOnIdle}, and has another node take the actor over. One that is to end does not move. @throws MoonpoolError MIGRATION_REFUSED */
  moveOnIdle(to: MoveTarget | undefined): void {
    if (!this.isRegistered) throw refused(this.target, 'at all: its class has actors of each node');
    const destination = to === undefined ? undefined : this.parts.destinations.of(this.target, to);
    if (this.whenIdle === REQUESTED) return;
    this.move ??= new ActivationMove(destination);
    this.whenIdle = MIGRATING;
    void Promise.resolve().then(() => this.parts.runQueue.submit(this.loop));
  }

  /** Has the node take the actor over after the present turns. Resolves to what has come of it, when this activation has ended. */
  async migrate(to: Location): Promise<Pick<ActivationMove, 'hasSucceeded' | 'hasLost' | 'place'>> {
    this.move ??= new ActivationMove(to);
    await this.deactivate(MIGRATING);
    return this.move;
  }

  /** Keeps it from being idle for so long from now on; 0 takes that back. */
  keepFor(delayMs: number): void {
    this.keptUntil = this.parts.time.now() + delayMs;
  }

  startTimer(callback: () => unknown, options: ActorTimerOptions): ActorTimer {
    return this.ownTimers().start(callback, options);
  }

  get reminders(): ActorReminders {
    this.ownReminders ??= this.parts.reminders.open(this);
    return this.ownReminders;
  }

  /** Ends the activation after the present turns; requests that wait are sent elsewhere. Resolves when it has ended. */
  deactivate(reason: DeactivationReason): Promise<void> {
    if (this.isOver) return Promise.resolve();
    this.endReason ??= reason;
    this.ended ??= new Deferred();
    const { promise } = this.ended;
    if (this.loop.running === 0 && this.isActive) void this.finish(this.endReason);
    return promise;
  }

  /** Ends the activation at once: no hook, no further turn. What waits is sent elsewhere. */
  drop(reason: DeactivationReason): void {
    if (this.isOver) return;
    if (this.current !== 'deactivating') this.noteDeactivation(reason);
    this.end({ why: reason.description });
  }

  onTurnEnded(turn: Turn): void {
    this.loop.end(turn);
    if (this.durable.failure === undefined) this.parts.runQueue.submit(this.loop);
    else this.dropFailed();
  }

  /** A turn that is under way tells when it has ended, and no other begins on what was not written. */
  onDurableFailure(): void {
    const { failure } = this.durable;
    if (!this.isActive || failure === undefined) return;
    this.endReason ??= fencedBy(failure);
    if (this.loop.running === 0) this.dropFailed();
  }

  private dropFailed(): void {
    const { failure } = this.durable;
    if (this.isOver || failure === undefined) return;
    this.drop(fencedBy(failure));
    void this.unregister();
  }

  onUnserved(): void {
    this.drop({ code: 'fenced', description: 'the node has no lease' });
  }

  onQuiet(): void {
    if (this.endReason !== undefined) void this.finish(this.endReason);
    else if (this.whenIdle !== undefined) void this.deactivate(this.whenIdle);
  }

  /** It has been constructed and its hook has run: its turns begin. */
  begin(instance: object): void {
    this.actor = instance;
    this.enter('active');
    this.decision?.resolve();
    this.parts.counters.activated.value++;
    this.record('activate', { epoch: this.durable.epoch });
    this.parts.onActive(this);
    const { timers } = this.descriptor;
    if (timers.length > 0) this.ownTimers().startDeclared(timers, instance);
    this.loop.start();
  }

  private ownTimers(): ActivationTimers {
    if (this.timers === undefined) {
      this.timers = new ActivationTimers(this, this.parts, (tick) => this.receive(tick));
      // Whoever starts one at the end gets one that is cancelled.
      if (this.isOver || this.current === 'deactivating') this.timers.cancelAll();
    }
    return this.timers;
  }

  private async finish(reason: DeactivationReason): Promise<void> {
    this.enter('deactivating');
    // Noted now and not at the end: from here on it takes no turn, and once it is unregistered another one may.
    this.noteDeactivation(reason);
    this.timers?.cancelAll();
    // One that has asked for its end, or was destroyed, has nothing to take along.
    const move = reason === MIGRATING && this.whenIdle !== REQUESTED ? this.move : undefined;
    if (move !== undefined) await move.prepare(this, this.parts);
    const isSound = await concludeActor(this, this.parts, reason);
    const place = move === undefined ? undefined : await move.handOver(this, this.parts, isSound);
    if (place !== undefined) this.end({ why: `the actor is on ${place.node.name}`, location: place });
    else await this.unregister().finally(() => this.drop(reason));
  }

  /** Runs a hook in a turn of its own. */
  runHook(hook: Hook, limitMs: number, code: () => unknown): Promise<void> {
    return this.loop.runHook(hook, limitMs, () => runActorCode(this.parts.events, undefined, code));
  }

  /** Left over registrations are replaced when they are met, so a failure here costs nothing but a note. */
  async unregister(): Promise<void> {
    if (!this.isRegistered) return;
    try {
      const { registrar, limits, deactivationLimitMs } = this.parts;
      const late = () => lifecycleTimeout(this.target, 'was not removed from the directory', deactivationLimitMs);
      await limits.within(deactivationLimitMs, registrar.unregister(this.target.path, this.id), late);
    } catch (error) {
      const { path: actor } = this.target;
      this.parts.refusals.note('a registration could not be removed', actor, () => ({ fields: { actor }, error }));
    }
  }

  /** Ends it: what waits is sent elsewhere. */
  end(rejection: Rejection): void {
    if (this.isOver) return;
    this.enter('invalid');
    this.timers?.cancelAll();
    this.parts.onEnded(this);
    const isForNext = this.actor !== undefined || rejection.location !== undefined || rejection.isForNext === true;
    this.loop.rejectAll({ ...rejection, isForNext });
    this.decision?.resolve();
    this.ended?.resolve();
  }

  private noteDeactivation(reason: DeactivationReason): void {
    if (this.actor !== undefined) this.parts.counters.ended.of(reason.code).value++;
    this.record('deactivate', { reason: reason.code });
  }

  private record(name: 'activate' | 'deactivate', fields: Record<string, string | number>): void {
    const { events } = this.parts;
    if (events.enabled) events.record(name, { actor: this.target.path, activation: this.id, ...fields });
  }
}
