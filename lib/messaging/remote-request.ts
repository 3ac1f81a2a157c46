import type { BoundReferences } from '../actor/bound-references';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { ActorId } from '../identity/actor-id';
import type { Lease } from '../cluster/lease';
import type { ClassVersion } from '../metadata/class-version';
import type { ByteWriter } from '../serialization/byte-writer';
import type { Serializer } from '../serialization/serializer';
import { toTagged } from '../serialization/tagged-value';
import type { PacketConnection } from '../connection/packet-connection';
import type { ContextValues } from '../calls/context-values';
import { EnvelopeKind, type RequestEnvelope } from './envelope';
import { writeTurnRefusal, writeRejection, writeValue } from './envelope-writer';
import { isRouteBlocked, sendError } from './sent-errors';
import { sendMessage } from './sent-messages';
import type { Rejection } from '../calls/rejection';
import type { ReplyPort, Witness } from '../calls/reply-port';
import { refusalError, type TurnRefusal } from '../calls/turn-refusal';
import type { CallScope, Request } from '../calls/request';
import { unsendableAnswer } from '../calls/unsendable-answer';

/** The id of a call that came by the connection. */
export function callIdOf({ remote }: PacketConnection, correlation: number): string {
  return `${remote?.node.name}#${remote?.node.incarnation}:${correlation}`;
}

/** Where requests of other nodes are served, and what becomes of them. */
export interface RemoteRequestHome {
  /** The node, for messages. */
  readonly name: string;
  readonly serializer: Serializer;
  readonly lease: Lease;
  /** It was answered, or will not be. Told of those that can be cancelled. */
  onAnswered(request: RemoteRequest): void;
  /** It cannot be served here, and its sender will look elsewhere. Returns whether the sender is to note that. */
  onRejected(request: RemoteRequest, rejection: Rejection): boolean;
  /** Nobody waits for it any more, and no turn will come of it. */
  onDropped(request: RemoteRequest, why: () => unknown): void;
  /** It cannot be served here, and its sender will not look elsewhere. */
  onUnclaimed(request: RemoteRequest, rejection: Rejection): void;
}

/** A request as it was read. */
export interface ReadRequest {
  readonly target: ActorId;
  readonly envelope: RequestEnvelope;
  /** By this node's monotonic clock. */
  readonly deadline: number;
  readonly from: PacketConnection;
  /** Those among the arguments. */
  readonly references: BoundReferences<CallScope>;
}

/**
 * A request that came from another node. Its answer goes back on the connection by which it came; when that is gone the
 * caller has been told so by its own side, and the answer is dropped.
 */
export class RemoteRequest implements Request, ReplyPort {
  started = false;
  /** Whoever reads requests has looked at this one. */
  readonly isAdmitted = true;
  onCancelled: ((reason: unknown) => void) | undefined;
  private isCancelled = false;
  private isAnswered = false;

  readonly target: ActorId;
  readonly deadline: number;
  readonly references: BoundReferences<CallScope>;
  private readonly envelope: RequestEnvelope;
  private readonly from: PacketConnection;

  constructor(
    { target, envelope, deadline, from, references }: ReadRequest,
    private readonly home: RemoteRequestHome,
  ) {
    this.target = target;
    this.deadline = deadline;
    this.references = references;
    this.envelope = envelope;
    this.from = from;
  }

  /** The incarnation that is meant; 0 for whoever listens here. */
  get incarnation(): number {
    return this.envelope.incarnation;
  }

  get isOneWay(): boolean {
    return this.envelope.kind === EnvelopeKind.oneWay;
  }

  get method(): string {
    return this.envelope.method;
  }

  get args(): readonly unknown[] {
    return this.envelope.args;
  }

  get classVersion(): ClassVersion | undefined {
    return this.envelope.classVersion;
  }

  get chain(): readonly string[] {
    return this.envelope.chain;
  }

  get values(): ContextValues | undefined {
    return this.envelope.values;
  }

  get idempotencyKey(): string | undefined {
    return this.envelope.idempotencyKey;
  }

  get isAnsweredOnArrival(): boolean {
    return this.envelope.isAnsweredOnArrival;
  }

  get isCancellable(): boolean {
    return this.envelope.isCancellable;
  }

  get hops(): number {
    return this.envelope.hops;
  }

  get correlation(): number {
    return this.envelope.correlation;
  }

  get connection(): PacketConnection {
    return this.from;
  }

  get abandoned(): boolean {
    return this.isCancelled;
  }

  /** The caller waits no more. */
  cancel(): void {
    if (this.isCancelled || this.isAnswered) return;
    this.isCancelled = true;
    const message = `The call ${this.method} of ${this.target.path} was cancelled by its caller`;
    this.onCancelled?.(new MoonpoolError('CALL_CANCELLED', { message, executed: 'maybe' }));
    // No turn will answer it, and nobody waits for that.
    if (!this.started) this.home.onAnswered(this);
  }

  get call(): string {
    return callIdOf(this.from, this.envelope.correlation);
  }

  get reply(): ReplyPort {
    return this;
  }

  value(value: unknown, witness: Witness): void {
    if (this.isAnswered) return;
    try {
      this.answer(() =>
        this.send((into) => writeValue(this.envelope.correlation, witness, value, this.home.serializer, into)),
      );
    } catch (error) {
      if (isRouteBlocked(error)) this.giveUpRoute(error);
      else this.error(unsendableAnswer(this, value, error, toTagged));
    }
  }

  error(error: unknown): void {
    this.noteIfDropped(() => error);
    this.tell(() => this.answer(() => this.sendError(error)));
  }

  refuse(refusal: TurnRefusal): void {
    this.noteIfDropped(() => refusalError(`The message ${this.method} to ${this.target.path}`, refusal));
    this.tell(() => this.answer(() => this.send((into) => writeTurnRefusal(this.envelope.correlation, refusal, into))));
  }

  /** A one-way message, or one whose sender learned that it was taken, ends without a turn and without an answer. */
  private noteIfDropped(why: () => unknown): void {
    if (!this.started && (this.isOneWay || (this.isAnswered && this.isAnsweredOnArrival)))
      this.home.onDropped(this, why);
  }

  reject(rejection: Rejection): void {
    const { correlation, target, kind } = this.envelope;
    // Whoever sent it and waits for nothing will not send it again, so it is forwarded from here.
    if (kind === EnvelopeKind.oneWay || this.isAnswered) this.home.onUnclaimed(this, rejection);
    if (this.isAnswered) return;
    this.noteAnswered();
    const isToBeNoted = this.home.onRejected(this, rejection);
    this.tell(() => this.send((into) => writeRejection(correlation, target, rejection, isToBeNoted, into)));
  }

  private tell(send: () => void): void {
    try {
      send();
    } catch (error) {
      this.giveUpRoute(error);
    }
  }

  /** A caller that nothing can be sent to any more learns at least that: its connection ends. An answer that does not fit is no reason for it. */
  private giveUpRoute(error: unknown): void {
    if (isMoonpoolError(error)) {
      this.from.close(error);
      return;
    }
    const message = `The answer to the call ${this.method} of ${this.target.path} could not be sent to ${this.from.remote?.node.name}: ${reasonOf(error)}`;
    this.from.close(new MoonpoolError('CONNECTION_LOST', { message, executed: 'maybe', cause: error }));
  }

  private answer(send: () => void): void {
    if (this.isAnswered) return;
    if (this.envelope.kind === EnvelopeKind.request) {
      if (this.home.lease.held) send();
      else this.sendError(this.fenced());
    }
    this.noteAnswered();
  }

  private sendError(error: unknown): void {
    if (this.from.isClosed) return;
    sendError(
      this.from,
      this.envelope.correlation,
      error,
      `The call ${this.method} of ${this.target.path}`,
      this.home.serializer,
    );
  }

  /** A node without a lease gives no answers: a newer activation may have answered otherwise by now. But it need not let the caller wait. */
  private fenced(): MoonpoolError {
    const message = `The call ${this.method} of ${this.target.path} got no answer: its node ${this.home.name} has lost its lease`;
    return new MoonpoolError('NODE_FENCED', { message, executed: this.started ? 'maybe' : 'no' });
  }

  private noteAnswered(): void {
    this.isAnswered = true;
    if (this.envelope.isCancellable) this.home.onAnswered(this);
  }

  private send(write: (into: ByteWriter) => void): void {
    if (!this.from.isClosed) sendMessage(this.from, write);
  }
}
