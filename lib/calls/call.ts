import { BoundReferences } from '../actor/bound-references';
import type { AddressedCall, Addressing } from '../addressing/addressing';
import { onAbort } from '../concurrency/abort-listeners';
import type { PacketConnection } from '../connection/packet-connection';
import { neverLeft } from '../requests/awaited-answers';
import { isMoonpoolError, MoonpoolError, type Executed } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { ActorId } from '../identity/actor-id';
import { acceptAnswer } from '../serialization/argument-check';
import { ownError } from '../serialization/error-forms';
import { isolated } from '../serialization/uncarried-value';
import { shareFrozen } from '../serialization/frozen-value';
import { isolate } from '../serialization/value-isolation';
import type { Linked } from '../concurrency/linked-list';
import type { CallLink } from './call-link';
import { timeLimitOf } from './invocation';
import type { OpenCall } from './open-calls';
import type { OutgoingRequest, RequestOrigin } from './outgoing-request';
import type { Rejection } from './rejection';
import type { ReplyPort, Witness } from './reply-port';
import type { CallScope } from './request';
import { refusalError, type TurnRefusal } from './turn-refusal';
import { unsendableAnswer } from './unsendable-answer';

/** What the bus does for a call that comes to an end. */
export interface CallOwner extends RequestOrigin {
  /** How long a call may take unless it, or its handler, says otherwise, in milliseconds. */
  readonly callTimeoutMs: number;
  /** Why the answer of a turn on this node could not have come from another one; undefined when it could. */
  objectionToAnswer(call: Call, value: unknown, witness: Witness): unknown;
  onEnded(call: Call, outcome: 'ok' | 'error', result: unknown, witness: Witness | undefined): void;
  onRejected(call: Call, rejection: Rejection): void;
  /** The actor's mailbox had taken the message, and no turn will come of it all the same. */
  onDropped(call: Call, error: unknown): void;
  /** The call has ended because its caller waits no more; whoever runs it should know. */
  onCancelled(call: Call): void;
}

/**
 * A call in progress, at the caller: the way back of its request, and the promise of the one who waits. However many endings reach
 * it, the first one counts and the others are refused.
 */
export class Call implements CallLink, ReplyPort, AddressedCall, OpenCall {
  // No base class has these: making an object of a class that extends another takes three times as long.
  heapIndex = -1;
  earlier: Linked | undefined;
  later: Linked | undefined;
  isLinked = false;
  place: OpenCall['place'];
  /** How many nodes have rejected the call. */
  forwards = 0;
  /** The connection that the request was sent on, and its batch there; undefined for calls within this node. */
  connection: PacketConnection | undefined;
  batch = 0;
  /** That of its caller; undefined where nobody gets one. */
  promise: Promise<unknown> | undefined;
  private ended = false;
  /** A mailbox has taken the message, and its sender knows that. */
  private isTaken = false;
  /** Lets go of what the call held on to while it waited. */
  private release: (() => void) | undefined;

  constructor(
    private readonly owner: CallOwner,
    readonly request: OutgoingRequest,
    private readonly resolve: (value: unknown) => void,
    private readonly refuseCaller: (error: unknown) => void,
  ) {
    request.reply = this;
  }

  get target(): ActorId {
    return this.request.target;
  }

  get addressing(): Addressing {
    return this.request.callee.addressing;
  }

  /** The node that the caller's reference names. */
  get address(): string | undefined {
    return this.request.callee.address;
  }

  get correlation(): number {
    return this.request.correlation;
  }

  get deadline(): number {
    return this.request.deadline;
  }

  get call(): string {
    return this.request.call;
  }

  /** The turn that waits for the call. */
  get scope(): CallScope | undefined {
    return this.request.scope;
  }

  /** Nobody waits for it any more. */
  get abandoned(): boolean {
    return this.request.abandoned;
  }

  /** Whether the actor may have run the call, as far as this side can know. */
  get executed(): 'no' | 'maybe' {
    const { connection, request } = this;
    if (connection === undefined) return request.started ? 'maybe' : 'no';
    // Only what nodes host has ended before their farewell; the objects of their processes have not.
    if (connection.traffic.hasSeenFarewell && this.addressing.isHosted) return 'no';
    return neverLeft(this) ? 'no' : 'maybe';
  }

  /** What an answer shows, whatever is in it: that a turn has ended, or, where only the arrival was asked for, nothing about that. */
  private get executedByAnswer(): Executed {
    return this.request.isAnsweredOnArrival ? 'maybe' : 'yes';
  }

  /** The answer of a turn on this node: the caller gets its own copy. */
  value(value: unknown, witness: Witness): void {
    if (this.ended) return;
    this.isTaken = this.request.isAnsweredOnArrival;
    let own: unknown;
    try {
      own = typeof value === 'object' ? this.ownAnswer(value) : isolate(value);
    } catch (error) {
      if (isMoonpoolError(error, 'UNKNOWN_REFERENCE')) this.unreadable(error);
      else this.failed(unsendableAnswer(this.request, value, error, isolated));
      return;
    }
    const objection = this.owner.objectionToAnswer(this, own, witness);
    if (objection === undefined) this.answered(own, witness);
    else this.failed(unsendableAnswer(this.request, value, objection, isolated));
  }

  /** An answer that is the caller's own already. */
  answered(value: unknown, witness: Witness): void {
    if (this.ended) return;
    const { answer, method } = this.request.handler;
    let own = value;
    try {
      if (answer !== undefined)
        own = acceptAnswer(answer, value, () => `answer to the call ${method} of ${this.target.path}`);
    } catch (error) {
      this.failed(error);
      return;
    }
    if (this.end('ok', value, witness)) this.resolve(own);
  }

  /** The failure of a turn on this node: the caller gets its own error, as it would from another node. */
  error(error: unknown): void {
    if (!this.abandoned) this.failed(ownError(error, this.describe()));
  }

  /** The answer is there, and this side cannot make a value of it. */
  unreadable(cause: unknown, executed: Executed = this.executedByAnswer): void {
    const isNamed = isMoonpoolError(cause, 'UNKNOWN_REFERENCE') || isMoonpoolError(cause, 'UNKNOWN_HEADER_FIELD');
    const code = isNamed ? cause.code : 'MALFORMED_PAYLOAD';
    const { method, target } = this.request;
    const message = `The answer to the call ${method} of ${target.path} could not be read: ${reasonOf(cause)}`;
    this.failed(new MoonpoolError(code, { message, executed, cause }));
  }

  /** A failure that is the caller's own already. */
  failed(error: unknown): void {
    if (this.end('error', error, undefined)) this.refuseCaller(error);
    else if (this.isTaken && !this.request.started) this.owner.onDropped(this, error);
  }

  refuse(refusal: TurnRefusal): void {
    if (!this.ended || this.isTaken) this.failed(refusalError(this.describe(), refusal));
  }

  reject(rejection: Rejection): void {
    if (!this.abandoned) this.owner.onRejected(this, rejection);
  }

  timeOut(): void {
    const { executed, scope } = this;
    const what = executed === 'no' ? 'was not started' : 'got no answer';
    const isInherited = scope?.deadline === this.deadline;
    const limit = isInherited
      ? `before the deadline of the turn of ${scope?.chain.at(-1)} that made it`
      : `within ${Math.ceil(timeLimitOf(this.request, this.owner.callTimeoutMs))} ms`;
    const message = `${this.describe()} ${what} ${limit}`;
    this.failed(
      new MoonpoolError('CALL_TIMEOUT', {
        message,
        executed,
        remedy: timeoutRemedy(executed, isInherited),
        isTraceless: true,
      }),
    );
  }

  cancel(reason: unknown): void {
    const { executed, ended } = this;
    if (ended) return;
    this.failed(
      new MoonpoolError('CALL_CANCELLED', {
        message: `${this.describe()} was cancelled by its caller`,
        executed,
        cause: reason,
      }),
    );
    this.request.onCancelled?.(reason);
    this.owner.onCancelled(this);
  }

  /** Lets its caller cancel it by the signal. One that has aborted already ends it at once. */
  cancelBy(signal: AbortSignal): void {
    if (signal.aborted) {
      this.cancel(signal.reason);
      return;
    }
    // A signal may outlive many calls and must not hold on to them.
    this.release = onAbort(signal, () => this.cancel(signal.reason));
  }

  describe(): string {
    return this.request.describe();
  }

  private ownAnswer(value: unknown): unknown {
    const { callee, handler } = this.request;
    const references = new BoundReferences<CallScope>(this.owner.references, callee.scope);
    return handler.options.share === true ? shareFrozen(value, references) : isolate(value, references);
  }

  private end(outcome: 'ok' | 'error', result: unknown, witness: Witness | undefined): boolean {
    if (this.ended) return false;
    this.ended = true;
    this.request.abandoned = !this.isTaken;
    this.release?.();
    this.owner.onEnded(this, outcome, result, witness);
    return true;
  }
}

function timeoutRemedy(executed: 'no' | 'maybe', isInherited: boolean): string {
  const before =
    executed === 'no'
      ? 'It never will be, so it may be repeated'
      : 'It may have been executed: repeat it only if that is safe';
  return `${before}; or give ${isInherited ? 'the first call of the chain' : 'it'} more time with $with({ timeoutMs }).`;
}
