import type { Addressing } from '../addressing/addressing';
import { STATIC } from '../addressing/static-addressing';
import { VIRTUAL } from '../addressing/virtual-addressing';
import { BoundReferences } from '../actor/bound-references';
import type { Lease } from '../cluster/lease';
import type { LocationCache } from '../directory/location-cache';
import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { ActorId } from '../identity/actor-id';
import { formatNodeId } from '../identity/node-id';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import type { Counter } from '../observability/instruments';
import { CALL_METRICS } from '../observability/metric-catalogue';
import type { Metrics } from '../observability/metrics';
import type { RefusalLog } from '../observability/refusal-log';
import type { TimeProvider } from '../providers/time-provider';
import type { Serializer } from '../serialization/serializer';
import type { LocalNode } from '../identity/local-node';
import type { PacketConnection } from '../connection/packet-connection';
import type { Transport } from '../transport/transport';
import { ANY_INCARNATION, EnvelopeKind, readEnvelope, type ReplyEnvelope, type RequestEnvelope } from './envelope';
import type { PendingCalls } from '../calls/pending-calls';
import { IncomingRequests } from './incoming-requests';
import type { MessageBus } from './message-bus';
import type { MessageRouter } from './message-router';
import { callIdOf, RemoteRequest, type RemoteRequestOwner } from './remote-request';
import type { Restraint } from './restraint';
import { sendError } from './sent-errors';
import { ACTOR_MESSAGE } from './sent-messages';
import { SenderConnections } from '../ordering/sender-connections';
import { RejectedActors } from '../ordering/rejected-actors';
import { UnreadRequests } from './unread-requests';
import type { Rejection } from '../calls/rejection';
import type { ReferencePort } from '../calls/reference-port';
import type { CallScope, DeliveryPort } from '../calls/request';

/** What the receiver needs from its node. */
export interface MessageReceiverParts {
  readonly local: LocalNode;
  readonly port: DeliveryPort;
  readonly pending: PendingCalls;
  readonly locations: LocationCache;
  readonly lease: Lease;
  readonly transport: Transport;
  readonly serializer: Serializer;
  readonly time: TimeProvider;
  readonly refusals: RefusalLog;
  readonly metrics: Metrics;
  /** Where received references are made. */
  readonly references: ReferencePort;
  /** Sends on what cannot be served here. */
  readonly bus: MessageBus;
  readonly router: MessageRouter;
  readonly restraint: Restraint;
  /** The actor classes that this process knows, by their wire names. */
  readonly descriptors: ReadonlyMap<string, ActorDescriptor>;
}

/**
 * Requests that are rejected or forwarded come so from nodes alone, by which a client could say where actors are. A client may answer, for
 * its observers are called, and for the same reason it may pass probes on; an answer counts on the connection by which it was asked for, and nowhere
 * else, a probe only with the number that nobody but those on its way can know.
 */
function mayOnlyNodesSend(message: RemoteRequest | ReplyEnvelope): boolean {
  return message instanceof RemoteRequest ? message.hops > 0 : message.kind === EnvelopeKind.rejection;
}

/** No call of another node is kept longer than this, whatever it says: about 50 days. */
const LONGEST_CALL_MS = 0xffff_ffff;

type Answer = Exclude<ReplyEnvelope, { readonly kind: typeof EnvelopeKind.cancel | typeof EnvelopeKind.probe | typeof EnvelopeKind.noted }>;

/** Takes the actor messages of other nodes: requests go to the catalog, answers to the calls that wait for them. */
export class MessageReceiver implements RemoteRequestOwner {
  /** Answers that came when nobody waited for them any more. */
  private readonly lateReplies: Counter;
  private readonly cancellable = new IncomingRequests();
  private readonly routes = new SenderConnections();
  private readonly rejectedActors = new RejectedActors();
  private readonly unread: UnreadRequests;

  constructor(private readonly parts: MessageReceiverParts) {
    this.lateReplies = parts.metrics.bind(CALL_METRICS).lateReplies;
    this.unread = new UnreadRequests(parts);
    parts.pending.onMissed = (connection, lateMs) => parts.restraint.onMissed(connection, lateMs);
    parts.transport.endpoints.register(ACTOR_MESSAGE, (payload, from) => this.onPacket(payload, from));
    parts.transport.onConnectionLost((connection) => {
      this.cancellable.forget(connection);
      this.routes.forget(connection);
      this.rejectedActors.forget(connection);
      parts.restraint.forget(connection);
    });
  }

  /** What is kept for requests that are not answered, and of connections that are gone. */
  get kept(): Readonly<Record<'cancellableRequests' | 'rejectedActors' | 'goneConnections', number>> {
    return { cancellableRequests: this.cancellable.size, rejectedActors: this.rejectedActors.size, goneConnections: this.routes.gone };
  }

  /** Requests that came behind their deadlines. */
  get lateRequests(): number {
    return this.unread.late;
  }

  private onPacket(payload: Buffer, from: PacketConnection): void {
    if (this.unread.refuse(payload, from)) return;
    const references = new BoundReferences<CallScope>(this.parts.references);
    const { transport } = this.parts;
    let message: RemoteRequest | ReplyEnvelope;
    try {
      message = this.read(payload, from, references);
    } catch (error) {
      this.onMalformed(payload, from, error);
      return;
    }
    if (mayOnlyNodesSend(message) && from.remote?.role !== 'node') {
      transport.forbidden.refuse(ACTOR_MESSAGE, payload, from, message.correlation);
      return;
    }
    try {
      this.handle(message, from, references);
    } catch (error) {
      this.onUnhandled(message, from, error);
    }
  }

  private handle(message: RemoteRequest | ReplyEnvelope, from: PacketConnection, references: BoundReferences<CallScope>): void {
    if (message instanceof RemoteRequest) this.onRequest(message);
    else if (message.kind === EnvelopeKind.cancel) this.cancellable.get(from, message.correlation)?.cancel();
    else if (message.kind === EnvelopeKind.probe) this.onProbe(message, from);
    else if (message.kind === EnvelopeKind.noted) this.rejectedActors.noted(from, message.target);
    else this.onReply(message, from, references);
  }

  get name(): string {
    return this.parts.local.toString();
  }

  onAnswered(request: RemoteRequest): void {
    this.cancellable.remove(request);
  }

  onRejected({ target, connection }: RemoteRequest, rejection: Rejection): boolean {
    return this.addressingOf(target).keepsOrder && this.rejectedActors.add(connection, target.path, rejection);
  }

  onUnclaimed(request: RemoteRequest, rejection: Rejection): void {
    const { target, method } = request;
    const { bus, descriptors, locations } = this.parts;
    const descriptor = descriptors.get(target.type);
    const handler = descriptor?.handlers.get(method);
    if (descriptor === undefined || handler === undefined || !descriptor.addressing.mayMove) {
      bus.noteDropped(target.path, method, () => rejection.why);
      return;
    }
    locations.correct(target.path, rejection.location);
    const hops = rejection.isForNext === true ? request.hops : request.hops + 1;
    const { addressing } = descriptor;
    const invocation = { target: { id: target, address: undefined, addressing }, handler, args: request.args, options: undefined, scope: undefined };
    bus.passOn(invocation, request, hops);
  }

  onDropped({ target, method }: RemoteRequest, why: () => unknown): void {
    this.parts.bus.noteDropped(target.path, method, why);
  }

  private read(payload: Buffer, from: PacketConnection, references: BoundReferences<CallScope>): RemoteRequest | ReplyEnvelope {
    const { serializer, lease, port } = this.parts;
    const envelope = readEnvelope(payload, serializer, references);
    switch (envelope.kind) {
      case EnvelopeKind.request:
      case EnvelopeKind.oneWay:
        return new RemoteRequest(port.idOf(envelope.target), envelope, this.deadlineOf(envelope, from), from, serializer, lease, this, references);
      default:
        return envelope;
    }
  }

  private deadlineOf({ deadline }: RequestEnvelope, from: PacketConnection): number {
    return Math.min(from.clock.momentOf(deadline), this.unread.lookedAt + LONGEST_CALL_MS);
  }

  private onRequest(request: RemoteRequest): void {
    const { lease, local, port } = this.parts;
    const { incarnation, correlation, connection } = request;
    if (!this.addressingOf(request.target).isByAddress && this.routes.isLate(connection)) {
      const message = `The call ${correlation} of ${connection.remote?.node.name} came by a connection that it no longer uses`;
      connection.close(new MoonpoolError('CONNECTION_LOST', { message, executed: 'maybe' }));
      return;
    }
    if (request.isCancellable) this.cancellable.add(request);
    if (incarnation !== ANY_INCARNATION && incarnation !== local.node.incarnation) {
      request.reject({ why: `${formatNodeId(local.node)} is not the incarnation ${incarnation} that the caller knew` });
    } else if (!lease.held && !port.has(request.target.path)) {
      // Where earlier calls wait in an activation, this one waits behind them: they are rejected together, in their order.
      request.reject({ why: `${formatNodeId(local.node)} has no lease at present` });
    } else {
      const earlier = request.isOneWay ? undefined : this.rejectedActors.get(connection, request.target.path);
      if (earlier === undefined) port.deliver(request);
      else request.reject(earlier);
    }
  }

  /** What another node asks for may be of a class that this one does not know. */
  private addressingOf({ type, hasKey }: ActorId): Addressing {
    return this.parts.descriptors.get(type)?.addressing ?? (hasKey ? VIRTUAL : STATIC);
  }

  private onProbe({ correlation, target, probe }: ReplyEnvelope & { readonly kind: typeof EnvelopeKind.probe }, from: PacketConnection): void {
    this.parts.port.follow(target, callIdOf(from, correlation), probe);
  }

  private onReply(envelope: Answer, from: PacketConnection, references: BoundReferences<CallScope>): void {
    const { pending, locations, router } = this.parts;
    // First of all: an answer that comes by another connection than its call has nothing to say about it.
    const call = pending.waitingFor(envelope.correlation, from);
    if (envelope.kind === EnvelopeKind.rejection) {
      if (call !== undefined && call.target.path !== envelope.target) {
        this.noteStray(from);
        return;
      }
      // One-way messages are rejected too, and of them nobody waits here.
      if (call !== undefined || this.mayHaveEnded(envelope.correlation)) locations.correct(envelope.target, envelope.rejection.location);
      // Of a call that has ended too: what was sent behind it comes back as well, until this side has noted it.
      if (envelope.isToBeNoted) router.noteRejected(envelope.correlation, envelope.target, from, envelope.rejection);
    }
    if (call === undefined) {
      this.onLate(envelope, from);
      return;
    }
    references.bindTo(call.request.invocation.target.scope);
    const { restraint } = this.parts;
    if (envelope.kind === EnvelopeKind.value || envelope.kind === EnvelopeKind.error) restraint.onAnswer(call, from);
    switch (envelope.kind) {
      case EnvelopeKind.value:
        call.answered(envelope.value, envelope.witness);
        break;
      case EnvelopeKind.error:
        call.failed(envelope.error);
        break;
      case EnvelopeKind.refusal:
        restraint.onRefusal(call, from, envelope.refusal);
        call.refuse(envelope.refusal);
        break;
      default:
        call.reject(envelope.rejection);
    }
  }

  /** Calls that end early have late answers, which is nothing to tell; an answer to what was asked of others, or of nobody, is. */
  private onLate(envelope: Answer | { readonly kind: number; readonly correlation: number }, from: PacketConnection): void {
    this.lateReplies.value++;
    if (!this.mayHaveEnded(envelope.correlation)) this.noteStray(from);
    else if ('refusal' in envelope) this.parts.restraint.onRefusal(undefined, from, envelope.refusal);
  }

  /** True for the number of a call or a message of this process that waits for nothing any more. */
  private mayHaveEnded(correlation: number): boolean {
    return this.parts.bus.hasMade(correlation) && !this.parts.pending.isWaiting(correlation);
  }

  private noteStray(from: PacketConnection): void {
    this.parts.refusals.note('an answer came that fits no call made on its connection', from, () => ({ fields: { from: from.remote?.node.name, role: from.remote?.role } }));
  }

  /** Something threw that was asked in the course of a message. That is no fault of the connection, by which others have messages too. */
  private onUnhandled(message: RemoteRequest | ReplyEnvelope, from: PacketConnection, error: unknown): void {
    this.parts.refusals.note('an actor message could not be handled', from, () => ({ error, fields: { from: from.remote?.node.name } }));
    if (!(message instanceof RemoteRequest)) return;
    const what = `The call ${message.method} of ${message.target.path} could not be handled: ${reasonOf(error)}`;
    message.error(new MoonpoolError('HANDLER_FAILED', { message: what, executed: message.started ? 'maybe' : 'no', cause: error }));
  }

  /** A message that cannot be read: whoever waits for it learns why, and the connection lives on, for its framing is sound. */
  private onMalformed(payload: Buffer, from: PacketConnection, error: unknown): void {
    this.parts.refusals.note('an actor message could not be read', from, () => ({ error, fields: { from: from.remote?.node.name } }));
    if (payload.length < 9) return;
    const kind = payload[0];
    const correlation = payload.readDoubleLE(1);
    if (kind === EnvelopeKind.request) {
      sendError(from, correlation, error, 'A call that could not be read', this.parts.serializer);
    } else if (kind === EnvelopeKind.value || kind === EnvelopeKind.error || kind === EnvelopeKind.plainFailure) {
      const call = this.parts.pending.waitingFor(correlation, from);
      if (call === undefined) this.onLate({ kind, correlation }, from);
      else call.unreadable(error);
    }
  }
}
