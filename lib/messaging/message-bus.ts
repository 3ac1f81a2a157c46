import type { CallFilter } from '../actor/call-filter';
import { Call, type CallOwner } from '../calls/call';
import { countEnd, type CallCounters } from '../calls/call-counters';
import { describeInvocation, timeLimitOf, type Expectation, type Invocation } from '../calls/invocation';
import { withoutWaiting } from '../calls/loose-scope';
import type { MessagingOptions } from '../calls/messaging-options';
import { OpenCalls } from '../calls/open-calls';
import { OutgoingRequest } from '../calls/outgoing-request';
import type { PendingCalls } from '../calls/pending-calls';
import type { ReferencePort } from '../calls/reference-port';
import { tooManyForwards, type Rejection } from '../calls/rejection';
import type { Witness } from '../calls/reply-port';
import { MoonpoolError } from '../errors/moonpool-error';
import type { LocalNode } from '../identity/local-node';
import type { EventLog } from '../observability/event-log';
import { CALL_METRICS } from '../observability/metric-catalogue';
import type { Metrics } from '../observability/metrics';
import type { RefusalLog } from '../observability/refusal-log';
import type { SenderOrder } from '../ordering/sender-order';
import type { KnownLocations } from '../placement/known-locations';
import type { RandomProvider } from '../providers/random-provider';
import type { TimeProvider } from '../providers/time-provider';
import { BusLife, type BusLifeParts, type MessageBusState } from './bus-life';
import { CallHistory } from './call-history';
import { checkChain, valuesOf } from './call-inheritance';
import { DroppedMessages } from './dropped-messages';
import { FilteredCalls } from './filtered-calls';
import { GatedCalls } from './gated-calls';
import { untilNothing } from './calls-under-way';
import { heldBack } from './held-back-calls';
import { LeftFailures } from './left-failures';
import type { MessageRouter } from './message-router';
import type { NearLimits } from './near-limits';
import type { RemoteRequest } from './remote-request';
import { RepeatedCalls } from './repeated-calls';
import type { Restraint } from './restraint';

/** What the bus needs from its node. */
export interface MessageBusParts {
  readonly local: LocalNode;
  readonly membership: BusLifeParts['membership'];
  readonly router: MessageRouter;
  readonly restraint: Restraint;
  readonly pending: PendingCalls;
  readonly order: SenderOrder;
  readonly known: KnownLocations;
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  readonly events: EventLog;
  readonly options: MessagingOptions;
  /** Where references that came as values are made. */
  readonly references: ReferencePort;
  /** Learns what was dropped. */
  readonly refusals: RefusalLog;
  readonly metrics: Metrics;
  /** What calls within the process may carry. */
  readonly limits: NearLimits;
  /** Stand around all calls made from here, the first outermost. */
  readonly filters: readonly CallFilter[];
}

const ignore = () => undefined;

/** Where every call begins and ends: it gives a call its deadline, chain and correlation id, and ends it exactly once. */
export class MessageBus implements CallOwner {
  readonly counters: CallCounters;
  readonly local: LocalNode;
  readonly references: ReferencePort;
  readonly dropped: DroppedMessages;
  /** What becomes of failures for which nobody waits. */
  readonly left: LeftFailures;
  readonly callTimeoutMs: number;
  private readonly life: BusLife;
  private readonly history: CallHistory;
  private readonly repeated: RepeatedCalls;
  private readonly gated: GatedCalls;
  private readonly filtered: FilteredCalls;
  private lastCorrelation = 0;
  /** How the promise that was made last is settled. */
  private resolve: (value: unknown) => void = ignore;
  private refuse: (error: unknown) => void = ignore;
  private readonly keepSettling = (resolve: (value: unknown) => void, refuse: (error: unknown) => void): void => {
    this.resolve = resolve;
    this.refuse = refuse;
  };

  constructor(private readonly parts: MessageBusParts) {
    this.local = parts.local;
    this.life = new BusLife(parts);
    this.references = parts.references;
    this.counters = parts.metrics.bind(CALL_METRICS);
    this.dropped = new DroppedMessages(this.counters, parts.refusals);
    this.callTimeoutMs = parts.options.callTimeoutMs;
    this.history = new CallHistory(parts.events, parts.time);
    this.left = new LeftFailures(parts.refusals);
    this.gated = new GatedCalls({
      ...parts,
      left: this.left,
      dropped: this.dropped,
      make: (invocation, expects) => this.requestNow(invocation, expects),
      send: (invocation) => this.postNow(invocation),
    });
    this.filtered = new FilteredCalls({ ...parts, dropped: this.dropped, callTimeoutMs: this.callTimeoutMs });
    this.repeated = new RepeatedCalls({ ...parts, attempt: (invocation) => this.request(invocation, 'answer') });
  }

  get state(): MessageBusState {
    return this.life.state;
  }

  /** @throws MoonpoolError NODE_FENCED when the node was declared dead before it had started. */
  start(): void {
    this.life.start(this.local.toString());
  }

  /** Takes no new calls, and waits for those under way: what this process has asked for is answered, though it ends. @param limitMs for how long it waits at most. */
  rest(limitMs: number): Promise<void> {
    this.life.isResting = true;
    const { pending, time } = this.parts;
    return untilNothing(() => pending.size + this.repeated.size + this.filtered.size, time, limitMs);
  }

  /** Refuses new calls and ends those that wait. */
  stop(): void {
    this.end('the runtime was shut down');
  }

  /** Ends everything at once, telling callers why, and what to do about it if that is not what is always done. */
  end(why: string, remedy?: string): void {
    const advice = remedy === undefined ? {} : { remedy };
    if (!this.life.beginEnd({ why, ...advice })) return;
    const { pending } = this.parts;
    const givenUp = (call: string, executed: 'no' | 'maybe') =>
      new MoonpoolError('RUNTIME_NOT_READY', { message: `${call} was given up because ${why}`, executed, ...advice });
    pending.endAll((call) => givenUp(call.describe(), call.executed));
    pending.stop();
    this.filtered.end((invocation, executed) => givenUp(describeInvocation(invocation), executed));
    this.life.finishEnd();
  }

  /** True when a call of this process had the number. */
  hasMade(correlation: number): boolean {
    return Number.isInteger(correlation) && correlation > 0 && correlation <= this.lastCorrelation;
  }

  /** Calls the handler and resolves to its result. Rejects with a MoonpoolError or with the error of the handler. */
  call(invocation: Invocation): Promise<unknown> {
    const { filters } = this.parts;
    if (this.life.isResting) return this.left.watch(Promise.reject(this.life.refusal(invocation)), invocation);
    if (filters.length === 0) return this.ask(invocation);
    const answer = this.filtered.call(invocation, (filtered) => this.ask(filtered));
    return this.left.watch(answer, invocation);
  }

  /**
   * Sends a message that brings nothing back. What a filter refuses is logged, for filters may take their time.
   * @throws MoonpoolError RUNTIME_NOT_READY; without filters UNSERIALIZABLE_VALUE too
   */
  send(invocation: Invocation): void {
    const { filters } = this.parts;
    if (filters.length === 0) return this.post(invocation);
    this.life.requireOpen(invocation);
    this.filtered.send(invocation, (filtered) => this.post(filtered));
  }

  /** Sends a message and resolves when the actor's mailbox has taken it. Rejects with MAILBOX_FULL, and as calls do. */
  async trySend(invocation: Invocation): Promise<void> {
    const { filters } = this.parts;
    if (this.life.isResting) throw this.life.refusal(invocation);
    if (filters.length === 0) await this.request(withoutWaiting(invocation), 'arrival');
    else await this.filtered.call(invocation, (filtered) => this.request(withoutWaiting(filtered), 'arrival'));
  }

  /** Forwards what came to this node and cannot be served here, where the sender cannot be asked to do so itself. */
  passOn(invocation: Invocation, received: RemoteRequest, hops: number): void {
    const objection = this.life.objectionToPassOn(hops, received.deadline - this.parts.time.now());
    if (objection !== undefined) return this.dropped.note(received.target.path, received.method, () => objection);
    const request = new OutgoingRequest(invocation, ++this.lastCorrelation, received.deadline, this);
    request.passOn(received, hops);
    const call = new Call(this, request, ignore, ignore);
    this.history.begun('send', call, received.call);
    this.parts.router.route(call);
  }

  onDropped({ request }: Call, error: unknown): void {
    this.dropped.note(request.target.path, request.method, () => error);
  }

  objectionToAnswer(call: Call, value: unknown, witness: Witness): unknown {
    return this.parts.limits.objectionToAnswer(call, value, witness);
  }

  onCancelled(call: Call): void {
    this.parts.router.cancel(call);
  }

  onEnded(call: Call, outcome: 'ok' | 'error', result: unknown, witness: Witness | undefined): void {
    const { request } = call;
    this.parts.pending.remove(call);
    call.scope?.openCalls?.remove(call);
    if (outcome === 'error') this.left.onFailed(call, result);
    const { isOneWay } = request;
    if (!isOneWay) countEnd(this.counters, outcome, result);
    this.history.ended(call, outcome, result, witness);
    if (isOneWay && outcome === 'error' && !request.started) this.onDropped(call, result);
  }

  onRejected(call: Call, rejection: Rejection): void {
    const { pending, router, known, options } = this.parts;
    this.counters.rejected.value++;
    this.history.rejected(call);
    pending.forgetAnswer(call);
    known.onRejected(call.target.path, rejection.location);
    // Where an activation has ended, the next one of the same actor is no detour, however often that happens: the deadline bounds it.
    if (rejection.isForNext !== true) call.forwards++;
    if (call.forwards <= options.maxForwards && call.addressing.mayMove) {
      router.sendOn(call, rejection);
      return;
    }
    call.failed(tooManyForwards(call, rejection));
  }

  private ask(invocation: Invocation): Promise<unknown> {
    if (!this.repeated.isMeant(invocation)) return this.request(invocation, 'answer');
    return this.left.watch(this.repeated.call(invocation), invocation);
  }

  private request(invocation: Invocation, expects: Expectation): Promise<unknown> {
    const opened = invocation.scope?.gate?.opened();
    return opened === undefined ? this.requestNow(invocation, expects) : this.gated.call(opened, invocation, expects);
  }

  private requestNow(invocation: Invocation, expects: Expectation): Promise<unknown> {
    const refused = heldBack(invocation, this.parts);
    if (refused !== undefined) return this.left.watch(refused, invocation);
    const promise = new Promise<unknown>(this.keepSettling);
    // One function serves the promises of all calls, for each would cost as much as the rest of its call.
    const { resolve, refuse } = this;
    try {
      const call = new Call(this, this.open(invocation, expects), resolve, refuse);
      call.promise = promise;
      this.begin(call);
    } catch (error) {
      refuse(error);
      return this.left.watch(promise, invocation);
    }
    return promise;
  }

  private post(invocation: Invocation): void {
    const gate = invocation.scope?.gate;
    if (gate === undefined) this.postNow(withoutWaiting(invocation));
    else this.gated.post(gate, withoutWaiting(invocation));
  }

  private postNow(invocation: Invocation): void {
    const call = new Call(this, this.open(invocation, 'nothing'), ignore, ignore);
    this.counters.sent.value++;
    this.history.begun('send', call);
    this.route(call);
  }

  private begin(call: Call): void {
    const { pending } = this.parts;
    this.history.begun('call', call);
    const { scope } = call;
    if (scope !== undefined) (scope.openCalls ??= new OpenCalls()).add(call);
    this.counters.made.value++;
    pending.add(call);
    const signal = call.request.options?.signal;
    // Only now: a signal that has aborted already ends the call at once, and its end must find what its beginning has noted.
    if (signal !== undefined) call.cancelBy(signal);
    if (!call.abandoned) this.route(call);
  }

  private route(call: Call): void {
    this.parts.router.route(call);
    // Where it has not arrived yet, it arrives later than now.
    call.request.arrivedAt = undefined;
  }

  /** What is asked, with all that it inherits. @throws MoonpoolError when it may not be asked, or cannot travel. */
  private open(invocation: Invocation, expects: Expectation): OutgoingRequest {
    const { options, scope } = invocation;
    this.life.requireOpen(invocation);
    if (scope !== undefined) checkChain(invocation.target.id, invocation.handler, scope, this.parts.events);
    const now = this.parts.time.now();
    const latest = now + timeLimitOf(invocation, this.callTimeoutMs);
    const deadline = Math.min(latest, scope?.deadline ?? Infinity);
    const request = new OutgoingRequest(invocation, ++this.lastCorrelation, deadline, this);
    request.arrivedAt = now;
    request.values = valuesOf(options, scope);
    request.expects = expects;
    request.take(invocation.args);
    return request;
  }
}
