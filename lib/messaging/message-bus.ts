import type { CallFilter } from '../actor/call-filter';
import type { CallOptions } from '../actor/call-options';
import { StateMachine } from '../concurrency/state-machine';
import type { LocationCache } from '../directory/location-cache';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import type { EventLog } from '../observability/event-log';
import type { RefusalLog } from '../observability/refusal-log';
import type { TimeProvider } from '../providers/time-provider';
import type { LocalNode } from '../identity/local-node';
import { CallCounters } from '../calls/call-counters';
import { Call, type CallOwner, type CallTarget } from '../calls/call';
import { CallHistory } from './call-history';
import { checkChain, NO_CHAIN, valuesOf } from './call-inheritance';
import { withoutWaiting } from '../calls/loose-scope';
import { heldBack } from './held-back-calls';
import type { MessageRouter } from './message-router';
import type { Restraint } from './restraint';
import type { NearLimits } from './near-limits';
import { throughOutgoing } from './outgoing-filters';
import type { MessagingOptions } from '../calls/messaging-options';
import type { PendingCalls } from '../calls/pending-calls';
import type { ReferencePort } from '../calls/reference-port';
import type { Rejection } from '../calls/rejection';
import type { Witness } from '../calls/reply-port';
import { MAX_HOPS } from './envelope';
import { OpenCalls } from '../calls/open-calls';
import type { CallScope, Request } from '../calls/request';

/** The states of a bus; calls are taken in `ready` and `degraded` only. */
export type MessageBusState = 'starting' | 'ready' | 'degraded' | 'stopping' | 'stopped';

/** What the bus needs from its node. */
export interface MessageBusParts {
  readonly local: LocalNode;
  readonly router: MessageRouter;
  readonly restraint: Restraint;
  readonly pending: PendingCalls;
  readonly locations: LocationCache;
  readonly time: TimeProvider;
  readonly events: EventLog;
  readonly options: MessagingOptions;
  /** Where references that came as values are made. */
  readonly references: ReferencePort;
  /** Is told what was dropped. */
  readonly refusals: RefusalLog;
  /** What calls within the process may carry. */
  readonly limits: NearLimits;
  /** Stand around all calls made from here, the first outermost. */
  readonly filters: readonly CallFilter[];
}

const ignore = () => undefined;

/** Where every call begins and ends: it gives a call its deadline, chain and correlation id, and ends it exactly once. */
export class MessageBus implements CallOwner {
  private readonly machine = new StateMachine<MessageBusState>(
    'The message bus',
    {
      starting: ['ready', 'stopping'],
      ready: ['degraded', 'stopping'],
      degraded: ['ready', 'stopping'],
      stopping: ['stopped'], stopped: [],
    },
    'starting',
  );
  readonly counters = new CallCounters();
  private accepting = false;
  /** Why it takes no calls any more, and what is to be done about it. */
  private ended: { readonly why: string; readonly remedy?: string } | undefined;
  private lastCorrelation = 0;
  /** How the promise that was made last is settled. */
  private resolve: (value: unknown) => void = ignore;
  private refuse: (error: unknown) => void = ignore;
  private readonly keepSettling = (resolve: (value: unknown) => void, refuse: (error: unknown) => void): void => {
    this.resolve = resolve;
    this.refuse = refuse;
  };

  private readonly history: CallHistory;

  constructor(private readonly parts: MessageBusParts) {
    this.history = new CallHistory(parts.events, parts.time);
  }

  get references(): ReferencePort {
    return this.parts.references;
  }

  get state(): MessageBusState {
    return this.machine.state;
  }

  /** @throws MoonpoolError NODE_FENCED when the node was declared dead before it had started. */
  start(): void {
    if (this.ended !== undefined) throw new MoonpoolError('NODE_FENCED', { message: `The node ${this.parts.local.toString()} ended before it had started: ${this.ended.why}` });
    this.machine.move('ready');
    this.accepting = true;
  }

  /** Refuses new calls and ends those that wait. */
  stop(): void {
    this.end('the runtime was shut down');
  }

  /** Ends everything at once, telling callers why, and what to do about it if that is not what is always done. */
  end(why: string, remedy?: string): void {
    if (this.machine.is('stopping') || this.machine.is('stopped')) return;
    this.machine.move('stopping');
    this.accepting = false;
    const advice = remedy === undefined ? {} : { remedy };
    this.ended = { why, ...advice };
    this.parts.pending.endAll((call) => {
      const { executed } = call;
      return new MoonpoolError('RUNTIME_NOT_READY', { message: `${call.describe()} was given up because ${why}`, executed, ...advice });
    });
    this.parts.pending.stop();
    this.machine.move('stopped');
  }

  /** True when a call of this process had the number. */
  hasMade(correlation: number): boolean {
    return Number.isInteger(correlation) && correlation > 0 && correlation <= this.lastCorrelation;
  }

  /** Calls the handler and resolves to its result. Rejects with a MoonpoolError or with the error of the handler. */
  call(target: CallTarget, handler: HandlerDescriptor, args: readonly unknown[], options: CallOptions | undefined, scope: CallScope | undefined): Promise<unknown> {
    const { filters } = this.parts;
    if (filters.length === 0) return this.request(target, handler, args, options, scope, false);
    return throughOutgoing(filters, { target, handler, args, options, scope }, (own, said) => this.request(target, handler, own, said, scope, false));
  }

  /**
   * Sends a message that brings nothing back. What a filter refuses is told in the log, for filters may take their time.
   * @throws MoonpoolError RUNTIME_NOT_READY; without filters UNSERIALIZABLE_VALUE too
   */
  send(target: CallTarget, handler: HandlerDescriptor, args: readonly unknown[], options: CallOptions | undefined, scope: CallScope | undefined): void {
    const { filters } = this.parts;
    if (filters.length === 0) {
      this.post(target, handler, args, options, scope);
      return;
    }
    this.requireOpen(target, handler);
    throughOutgoing(filters, { target, handler, args, options, scope }, async (own, said) => this.post(target, handler, own, said, scope)).catch((error: unknown) =>
      this.noteDropped(target.id.path, handler.method, () => error),
    );
  }

  private post(target: CallTarget, handler: HandlerDescriptor, args: readonly unknown[], options: CallOptions | undefined, scope: CallScope | undefined): void {
    const call = this.open(target, handler, args, options, withoutWaiting(scope), ignore, ignore);
    call.isOneWay = true;
    this.counters.sent++;
    this.history.begun('send', call);
    this.parts.router.route(call);
  }

  /** Sends a message and resolves when the actor's mailbox has taken it. Rejects with MAILBOX_FULL, and as calls do. */
  async trySend(target: CallTarget, handler: HandlerDescriptor, args: readonly unknown[], options: CallOptions | undefined, scope: CallScope | undefined): Promise<void> {
    const { filters } = this.parts;
    const waiting = withoutWaiting(scope);
    if (filters.length === 0) await this.request(target, handler, args, options, waiting, true);
    else await throughOutgoing(filters, { target, handler, args, options, scope }, (own, said) => this.request(target, handler, own, said, waiting, true));
  }

  /** Sends on what came to this node and cannot be served here, where the sender cannot be asked to do so itself. */
  passOn(target: CallTarget, handler: HandlerDescriptor, request: Request, hops: number): void {
    const { local, time } = this.parts;
    const objection = !this.accepting ? 'this process is ending' : hops > MAX_HOPS ? `it was forwarded ${MAX_HOPS} times` : request.deadline <= time.now() ? 'its time is over' : undefined;
    if (objection !== undefined) {
      this.noteDropped(target.id.path, handler.method, () => objection);
      return;
    }
    const call = new Call(this, ++this.lastCorrelation, target, handler, request.deadline, NO_CHAIN, request.values, undefined, 0, local, ignore, ignore);
    call.args = request.args;
    call.isOneWay = true;
    call.hops = hops;
    call.references = request.references;
    this.history.begun('send', call, request.call);
    this.parts.router.route(call);
  }

  /** A message was lost of which nobody waits for an answer: people are told, and it is counted. @param why gives words, or an error. */
  noteDropped(path: string, method: string, why: () => unknown): void {
    this.counters.dropped++;
    this.parts.refusals.note('a one-way message was dropped', path, () => {
      const [fields, reason] = [{ actor: path, method }, why()];
      return typeof reason === 'string' ? { fields: { ...fields, why: reason } } : { fields, error: reason };
    });
  }

  onDropped({ target, method }: Call, error: unknown): void {
    this.noteDropped(target.path, method, () => error);
  }

  objectionToAnswer(call: Call, value: unknown, witness: Witness): unknown {
    return this.parts.limits.objectionToAnswer(call, value, witness);
  }

  onCancelled(call: Call): void {
    this.parts.router.cancel(call);
  }

  onEnded(call: Call, outcome: 'ok' | 'error', result: unknown, witness: Witness | undefined): void {
    this.parts.pending.remove(call);
    call.scope?.openCalls?.remove(call);
    if (!call.isOneWay) this.counters.noteEnd(outcome, result);
    this.history.ended(call, outcome, result, witness);
    if (call.isOneWay && outcome === 'error' && !call.started) this.noteDropped(call.target.path, call.method, () => result);
  }

  onRejected(call: Call, rejection: Rejection): void {
    const { pending, router, locations, options } = this.parts;
    this.counters.rejected++;
    this.history.rejected(call);
    pending.forgetAnswer(call);
    locations.correct(call.target.path, rejection.location);
    // Where an activation has ended, the next one of the same actor is no detour, however often that happens: the deadline bounds it.
    if (rejection.isForNext !== true) call.forwards++;
    if (call.forwards <= options.maxForwards && call.callTarget.addressing.mayMove) {
      router.sendOn(call, rejection);
      return;
    }
    const times = call.forwards === 1 ? 'because' : `${call.forwards} times, last because`;
    const message = `${call.describe()} was rejected ${times} ${rejection.why}`;
    call.failed(new MoonpoolError('TOO_MANY_FORWARDS', { message }));
  }

  /** @throws MoonpoolError RUNTIME_NOT_READY while no calls are taken. */
  private requireOpen({ id }: CallTarget, { method }: HandlerDescriptor): void {
    if (this.accepting) return;
    const { why = 'the runtime has not started yet', ...advice } = this.ended ?? {};
    throw new MoonpoolError('RUNTIME_NOT_READY', { message: `The call ${method} of ${id.path} was refused: ${why}`, ...advice });
  }

  private request(
    target: CallTarget,
    handler: HandlerDescriptor,
    args: readonly unknown[],
    options: CallOptions | undefined,
    scope: CallScope | undefined,
    isAnsweredOnArrival: boolean,
  ): Promise<unknown> {
    const refused = heldBack(target, handler, scope, this.parts);
    if (refused !== undefined) return refused;
    const promise = new Promise<unknown>(this.keepSettling);
    // One function serves the promises of all calls, for each would cost as much as the rest of its call.
    const { resolve, refuse } = this;
    try {
      this.begin(this.open(target, handler, args, options, scope, resolve, refuse), options?.signal, isAnsweredOnArrival);
    } catch (error) {
      refuse(error);
    }
    return promise;
  }

  private begin(call: Call, signal: AbortSignal | undefined, isAnsweredOnArrival: boolean): void {
    call.isAnsweredOnArrival = isAnsweredOnArrival;
    const { pending, router } = this.parts;
    this.history.begun('call', call);
    const { scope } = call;
    if (scope !== undefined) (scope.openCalls ??= new OpenCalls()).add(call);
    this.counters.made++;
    pending.add(call);
    // Only now: a signal that has aborted already ends the call at once, and its end must find what its beginning has noted.
    if (signal !== undefined) call.cancelBy(signal);
    if (!call.abandoned) router.route(call);
  }

  private open(
    target: CallTarget,
    handler: HandlerDescriptor,
    args: readonly unknown[],
    callOptions: CallOptions | undefined,
    scope: CallScope | undefined,
    resolve: (value: unknown) => void,
    refuse: (error: unknown) => void,
  ): Call {
    const { id } = target;
    const { time, options, local } = this.parts;
    this.requireOpen(target, handler);
    if (scope !== undefined) this.checkChain(id, handler, scope);
    const limitMs = callOptions?.timeoutMs ?? handler.options.timeoutMs ?? options.callTimeoutMs;
    const deadline = Math.min(time.now() + limitMs, scope?.deadline ?? Number.POSITIVE_INFINITY);
    const chain = scope?.chain ?? NO_CHAIN;
    const call = new Call(this, ++this.lastCorrelation, target, handler, deadline, chain, valuesOf(callOptions, scope), scope, limitMs, local, resolve, refuse);
    call.take(args);
    call.isCancellable = callOptions?.signal !== undefined;
    return call;
  }

  private checkChain(id: ActorId, handler: HandlerDescriptor, scope: CallScope): void {
    checkChain(id, handler, scope, this.parts.events);
  }
}
