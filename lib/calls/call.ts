import { BoundReferences } from '../actor/bound-references';
import type { AddressedCall, Addressing } from '../addressing/addressing';
import type { CarriedActor, CarriedReference, ReferenceReader } from '../actor/carried-reference';
import { onAbort } from '../concurrency/abort-listeners';
import type { DeadlineItem } from '../concurrency/deadline-queue';
import { isMoonpoolError, MoonpoolError, type Executed } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { ActorId } from '../identity/actor-id';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import { acceptAnswer } from '../serialization/argument-check';
import { argumentForms } from '../serialization/argument-form';
import { ownError } from '../serialization/error-forms';
import { isolated, uncarriedArguments } from '../serialization/uncarried-value';
import { isolate, isolateItems, shareFrozen } from '../serialization/value-isolation';
import type { LocalNode } from '../identity/local-node';
import type { PacketConnection } from '../connection/packet-connection';
import type { ContextValues } from './context-values';
import type { ReferencePort } from './reference-port';
import type { Rejection } from './rejection';
import type { ReplyPort, Witness } from './reply-port';
import type { OpenCall } from './open-calls';
import type { CallScope, Request } from './request';
import { refusalError, type TurnRefusal } from './turn-refusal';
import { unsendableAnswer } from './unsendable-answer';

/** Who is called: what a reference knows. */
export interface CallTarget {
  readonly id: ActorId;
  /** The node whose static actor is meant; undefined for this node, and for virtual actors. */
  readonly address: string | undefined;
  /** The turn in which the reference is used; references in answers are bound to it. */
  readonly scope?: () => CallScope | undefined;
  readonly addressing: Addressing;
}

/** What the bus does for a call that comes to an end. */
export interface CallOwner {
  /** Where references in answers are made. */
  readonly references: ReferencePort;
  /** Why the answer of a turn on this node could not have come from another one; undefined when it could. */
  objectionToAnswer(call: Call, value: unknown, witness: Witness): unknown;
  onEnded(call: Call, outcome: 'ok' | 'error', result: unknown, witness: Witness | undefined): void;
  onRejected(call: Call, rejection: Rejection): void;
  /** The actor's mailbox had taken the message, and no turn will come of it all the same. */
  onDropped(call: Call, error: unknown): void;
  /** The call has ended because its caller waits no more; whoever runs it should know. */
  onCancelled(call: Call): void;
}

const NO_ARGUMENTS: readonly unknown[] = [];

/**
 * A call in progress, at the caller: the request, the way back, and the promise of the one who waits. However many
 * endings reach it, the first one counts and the others are refused.
 */
export class Call implements Request, AddressedCall, ReplyPort, ReferenceReader, DeadlineItem, OpenCall {
  heapIndex = -1;
  args = NO_ARGUMENTS;
  /** Those among the arguments. */
  references: BoundReferences<CallScope> | undefined;
  earlier: DeadlineItem | undefined;
  later: DeadlineItem | undefined;
  isQueued = false;
  older: OpenCall | undefined;
  newer: OpenCall | undefined;
  started = false;
  /** Nothing comes back, not even an error. */
  isOneWay = false;
  /** The answer says that the actor's mailbox has taken the message. */
  isAnsweredOnArrival = false;
  onCancelled: ((reason: unknown) => void) | undefined;
  /** How many nodes have turned the call away. */
  forwards = 0;
  /** How often nodes have passed it on that could not ask its sender. */
  hops = 0;
  /** The caller holds a signal by which it may cancel. */
  isCancellable = false;
  /** The connection that the request was sent on, and its batch there; undefined for calls within this node. */
  connection: PacketConnection | undefined;
  batch = 0;
  /** Lets go of what the call held on to while it waited. */
  release: (() => void) | undefined;
  private ended = false;
  /** A mailbox has taken the message, and its sender knows that. */
  private isTaken = false;

  constructor(
    private readonly owner: CallOwner,
    readonly correlation: number,
    readonly callTarget: CallTarget,
    readonly handler: HandlerDescriptor,
    readonly deadline: number,
    readonly chain: readonly string[],
    readonly values: ContextValues | undefined,
    /** The turn that waits for the call. */
    readonly scope: CallScope | undefined,
    /** How long it may take by its own account, in milliseconds; the turn that waits for it may allow less. */
    private readonly limitMs: number,
    private readonly origin: LocalNode,
    private readonly resolve: (value: unknown) => void,
    private readonly refuseCaller: (error: unknown) => void,
  ) {}

  get target(): ActorId {
    return this.callTarget.id;
  }

  get address(): string | undefined {
    return this.callTarget.address;
  }

  get method(): string {
    return this.handler.method;
  }

  get call(): string {
    return `${this.origin}:${this.correlation}`;
  }

  get reply(): ReplyPort {
    return this;
  }

  get abandoned(): boolean {
    return this.ended && !this.isTaken;
  }

  /** Whether the actor may have run the call, as far as this side can know. */
  get executed(): 'no' | 'maybe' {
    const { connection } = this;
    if (connection === undefined) return this.started ? 'maybe' : 'no';
    // Only what nodes host has ended before their farewell; the objects of their processes have not.
    if (connection.traffic.hasSeenFarewell && this.callTarget.addressing.isHosted) return 'no';
    return connection.isClosed && !connection.mayHaveLeft(this.batch) ? 'no' : 'maybe';
  }

  /** What an answer shows, whatever is in it: that a turn has ended, or, where only the arrival was asked for, nothing about that. */
  private get executedByAnswer(): Executed {
    return this.isAnsweredOnArrival ? 'maybe' : 'yes';
  }

  /** Takes the arguments over: copied, or frozen where the handler shares them. @throws MoonpoolError UNSERIALIZABLE_VALUE */
  take(args: readonly unknown[]): void {
    try {
      const sent = argumentForms(this.handler, args);
      this.args =
        this.handler.options.share === true ? sent.map((arg) => shareFrozen(arg, this)) : isolateItems(sent, this);
    } catch (error) {
      throw uncarriedArguments(`the call ${this.method} of ${this.target.path}`, args, error, isolated);
    }
  }

  /** A reference among the arguments. */
  read(actor: CarriedActor): CarriedReference {
    this.references ??= new BoundReferences(this.owner.references);
    return this.references.read(actor);
  }

  /** The answer of a turn on this node: the caller gets its own copy. */
  value(value: unknown, witness: Witness): void {
    if (this.ended) return;
    this.isTaken = this.isAnsweredOnArrival;
    let own: unknown;
    try {
      own = typeof value === 'object' ? this.ownAnswer(value) : isolate(value);
    } catch (error) {
      if (isMoonpoolError(error, 'UNKNOWN_REFERENCE')) this.unreadable(error);
      else this.failed(unsendableAnswer(this, value, error, isolated));
      return;
    }
    const objection = this.owner.objectionToAnswer(this, own, witness);
    if (objection === undefined) this.answered(own, witness);
    else this.failed(unsendableAnswer(this, value, objection, isolated));
  }

  /** An answer that is the caller's own already. */
  answered(value: unknown, witness: Witness): void {
    if (this.ended) return;
    const { answer } = this.handler;
    let own = value;
    try {
      if (answer !== undefined)
        own = acceptAnswer(answer, value, () => `answer to the call ${this.method} of ${this.target.path}`);
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
  unreadable(cause: unknown): void {
    const code = isMoonpoolError(cause, 'UNKNOWN_REFERENCE') ? cause.code : 'MALFORMED_PAYLOAD';
    const message = `The answer to the call ${this.method} of ${this.target.path} could not be read: ${reasonOf(cause)}`;
    this.failed(new MoonpoolError(code, { message, executed: this.executedByAnswer, cause }));
  }

  /** A failure that is the caller's own already. */
  failed(error: unknown): void {
    if (this.end('error', error, undefined)) this.refuseCaller(error);
    else if (this.isTaken && !this.started) this.owner.onDropped(this, error);
  }

  refuse(refusal: TurnRefusal): void {
    if (!this.ended || this.isTaken) this.failed(refusalError(this.describe(), refusal));
  }

  reject(rejection: Rejection): void {
    if (!this.abandoned) this.owner.onRejected(this, rejection);
  }

  timeOut(): void {
    const { executed } = this;
    const what = executed === 'no' ? 'was not started' : 'got no answer';
    const isInherited = this.scope?.deadline === this.deadline;
    const limit = isInherited
      ? `before the deadline of the turn of ${this.scope?.chain.at(-1)} that made it`
      : `within ${this.limitMs} ms`;
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
    this.onCancelled?.(reason);
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
    return `The call ${this.method} of ${this.target.path}`;
  }

  private ownAnswer(value: unknown): unknown {
    const references = new BoundReferences<CallScope>(this.owner.references, this.callTarget.scope);
    return this.handler.options.share === true ? shareFrozen(value, references) : isolate(value, references);
  }

  private end(outcome: 'ok' | 'error', result: unknown, witness: Witness | undefined): boolean {
    if (this.ended) return false;
    this.ended = true;
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
