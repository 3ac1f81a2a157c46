import type { DeactivationReason } from '../actor/deactivation-reason';
import type { OnActivate, OnDeactivate } from '../actor/hooks';
import { Deferred } from '../concurrency/deferred';
import { StateMachine, type Moves } from '../concurrency/state-machine';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';
import type { CallScope, Request } from '../messaging/request';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import type { EventLog } from '../observability/event-log';
import type { Logger } from '../observability/logger';
import type { ActorStates } from '../persistence/actor-states';
import type { TimeProvider } from '../providers/time-provider';
import type { Runnable, RunQueue } from '../scheduling/run-queue';
import { runActorCode } from './actor-code';
import type { ContextOwner } from './activation-context';
import type { ActivationRegistrar } from './activation-registrar';
import { Mailbox } from './mailbox';
import { runTurn, type TurnSubject } from './turn';

/** The states of an activation. */
export type ActivationState = 'creating' | 'activating' | 'active' | 'deactivating' | 'invalid';

const MOVES: Moves<ActivationState> = {
  creating: ['activating', 'invalid'],
  activating: ['active', 'invalid'],
  active: ['deactivating', 'invalid'],
  deactivating: ['invalid'],
  invalid: [],
};

/** What activations need from their node. */
export interface ActivationParts {
  readonly registrar: ActivationRegistrar;
  readonly runQueue: RunQueue;
  readonly time: TimeProvider;
  readonly events: EventLog;
  readonly logger: Logger;
  /** True while this node may admit turns. */
  readonly mayServe: () => boolean;
  /** Constructs the actor, with its context and what else its constructor asks for. */
  readonly construct: (activation: Activation) => object;
  /** The activation has ended and takes no more requests. */
  readonly onEnded: (activation: Activation) => void;
}

/** One actor in memory: its mailbox, its turns, one after another, and its life from registration to the last hook. */
export class Activation implements Runnable, TurnSubject, ContextOwner {
  private readonly machine: StateMachine<ActivationState>;
  private readonly mailbox: Mailbox;
  private instance: object | undefined;
  private current: Request | undefined;
  private endReason: DeactivationReason | undefined;
  private endWhenIdle = false;
  private turns = 0;
  private usedAt: number;
  /** Those who wait for the end; made when somebody does. */
  private ended: Deferred<void> | undefined;

  constructor(
    readonly target: ActorId,
    readonly id: string,
    readonly descriptor: ActorDescriptor,
    readonly states: ActorStates,
    capacity: number,
    private readonly parts: ActivationParts,
  ) {
    this.machine = new StateMachine(id, MOVES, 'creating');
    this.mailbox = new Mailbox(capacity);
    this.usedAt = parts.time.now();
  }

  /** How many calls wait in the mailbox. */
  get waiting(): number {
    return this.mailbox.length;
  }

  get state(): ActivationState {
    return this.machine.state;
  }

  /** Milliseconds since the last turn began; 0 while there is something to do. */
  get idleMs(): number {
    const isIdle = this.current === undefined && this.mailbox.length === 0 && this.machine.is('active');
    return isIdle ? this.parts.time.now() - this.usedAt : 0;
  }

  /** The turn in progress, as the calls made from it inherit it. */
  get scope(): CallScope | undefined {
    const { current } = this;
    return current === undefined ? undefined : { deadline: current.deadline, chain: [...current.chain, this.target.path] };
  }

  /** Registers the actor here, claims its state, constructs it and runs its hook; then its turns begin. */
  async activate(): Promise<void> {
    try {
      if (!this.target.isStatic) {
        const holder = await this.parts.registrar.register(this.target.path, this.id);
        if (holder.activation !== this.id) {
          this.end(`the actor is on ${holder.node.name}`, holder);
          return;
        }
      }
      if (this.machine.is('invalid')) return;
      this.machine.move('activating');
      await this.states.load();
      const { events, construct } = this.parts;
      const instance = runActorCode(events, undefined, () => construct(this));
      this.states.attach(instance);
      await runActorCode(events, undefined, () => (instance as Partial<OnActivate>).onActivate?.());
      if (this.machine.is('invalid')) return;
      this.instance = instance;
      this.machine.move('active');
      this.record('activate', { epoch: this.states.epoch });
      this.parts.runQueue.submit(this);
    } catch (error) {
      await this.failActivation(error);
    }
  }

  /** Takes the request into the mailbox; it is run, answered with an error, or turned away when the activation ends. */
  receive(request: Request): void {
    if (!this.mailbox.add(request)) {
      const message = `The call ${request.method} of ${this.target.path} found ${this.mailbox.length} calls waiting`;
      request.reply.error(new MoonpoolError('MAILBOX_FULL', { message }));
    } else if (this.current === undefined && this.machine.is('active')) {
      this.parts.runQueue.submit(this);
    }
  }

  /** Starts the next turn. Called by the run queue. */
  run(): void {
    if (this.current !== undefined || !this.machine.is('active')) return;
    if (this.endReason !== undefined) {
      void this.finish(this.endReason);
      return;
    }
    if (!this.parts.mayServe()) {
      this.drop({ code: 'fenced', description: 'the node has no lease' });
      return;
    }
    const request = this.nextRequest();
    if (request !== undefined) {
      this.current = request;
      void runTurn(request, ++this.turns, this, this.instance as object, this.parts.events);
    } else if (this.endWhenIdle) {
      void this.deactivate({ code: 'requested', description: 'the actor asked for it' });
    }
  }

  /** Ends the activation as soon as its mailbox is empty. */
  endOnIdle(): void {
    this.endWhenIdle = true;
  }

  /** Ends the activation after the present turn; requests that wait are sent elsewhere. Resolves when it has ended. */
  deactivate(reason: DeactivationReason): Promise<void> {
    if (this.machine.is('invalid')) return Promise.resolve();
    this.endReason ??= reason;
    this.ended ??= new Deferred();
    const { promise } = this.ended;
    if (this.current === undefined && this.machine.is('active')) void this.finish(this.endReason);
    return promise;
  }

  /** Ends the activation at once: no hook, no further turn. What waits is sent elsewhere. */
  drop(reason: DeactivationReason): void {
    if (this.machine.is('invalid')) return;
    if (!this.machine.is('deactivating')) this.record('deactivate', { reason: reason.code });
    this.end(reason.description);
  }

  /** The turn has ended, with its answer on the way: time for the next one. */
  onTurnEnded(): void {
    this.current = undefined;
    const { failure } = this.states;
    if (failure === undefined) {
      this.parts.runQueue.submit(this);
      return;
    }
    this.drop({ code: 'fenced', description: failure.message, error: failure });
    void this.unregister();
  }

  /** The next request that somebody still waits for. */
  private nextRequest(): Request | undefined {
    for (let request = this.mailbox.take(); request !== undefined; request = this.mailbox.take()) {
      if (request.abandoned) continue;
      this.usedAt = this.parts.time.now();
      if (request.deadline > this.usedAt) return request;
      const message = `The call ${request.method} of ${this.target.path} was not started before its deadline`;
      request.reply.error(new MoonpoolError('CALL_TIMEOUT', { message }));
    }
    return undefined;
  }

  private async finish(reason: DeactivationReason): Promise<void> {
    this.machine.move('deactivating');
    // Noted now and not at the end: from here on it takes no turn, and once it is unregistered another one may.
    this.record('deactivate', { reason: reason.code });
    try {
      await runActorCode(this.parts.events, undefined, () => (this.instance as Partial<OnDeactivate>).onDeactivate?.(reason));
      if (this.states.isWriting) await this.states.settled();
    } catch (error) {
      this.parts.logger.error('onDeactivate failed', error, { actor: this.target.path });
    }
    await this.unregister();
    this.drop(reason);
  }

  private async failActivation(cause: unknown): Promise<void> {
    if (this.machine.is('invalid')) return;
    const message = `The actor ${this.target.path} could not be activated`;
    const failure = new MoonpoolError('ACTIVATION_FAILED', { message, cause });
    if (isMoonpoolError(cause, 'STORAGE_UNAVAILABLE')) this.parts.logger.warn(failure.message);
    else this.parts.logger.error('an activation failed', cause, { actor: this.target.path });
    for (let request = this.mailbox.take(); request !== undefined; request = this.mailbox.take()) request.reply.error(failure);
    await this.unregister();
    this.end(message);
  }

  /** Left over registrations are replaced when they are met, so a failure here costs nothing but a note. */
  private async unregister(): Promise<void> {
    if (this.target.isStatic) return;
    try {
      await this.parts.registrar.unregister(this.target.path, this.id);
    } catch (error) {
      this.parts.logger.warn('a registration could not be removed', { actor: this.target.path, error: String(error) });
    }
  }

  private end(why: string, location?: Parameters<Request['reply']['reject']>[0]['location']): void {
    if (this.machine.is('invalid')) return;
    this.machine.move('invalid');
    this.parts.onEnded(this);
    for (let request = this.mailbox.take(); request !== undefined; request = this.mailbox.take()) {
      request.reply.reject({ why, location });
    }
    this.ended?.resolve();
  }

  private record(name: 'activate' | 'deactivate', fields: Record<string, string | number>): void {
    const { events } = this.parts;
    if (events.enabled) events.record(name, { actor: this.target.path, activation: this.id, ...fields });
  }
}
