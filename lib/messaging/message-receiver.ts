import { BoundReferences } from '../actor/bound-references';
import type { PendingCalls } from '../calls/pending-calls';
import type { ReferencePort } from '../calls/reference-port';
import type { CallScope, DeliveryPort } from '../calls/request';
import type { Lease } from '../cluster/lease';
import type { PacketConnection } from '../connection/packet-connection';
import type { LocalNode } from '../identity/local-node';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import type { Metrics } from '../observability/metrics';
import type { RefusalLog } from '../observability/refusal-log';
import type { KnownLocations } from '../placement/known-locations';
import type { TimeProvider } from '../providers/time-provider';
import type { Serializer } from '../serialization/serializer';
import type { Transport } from '../transport/transport';
import { EnvelopeKind, type ReplyEnvelope, type RequestEnvelope } from './envelope';
import { readEnvelope } from './envelope-reader';
import type { MessageBus } from './message-bus';
import type { MessageRouter } from './message-router';
import { ReceivedAnswers } from './received-answers';
import { ReceivedRequests } from './received-requests';
import { callIdOf, RemoteRequest } from './remote-request';
import type { Restraint } from './restraint';
import { sendError } from './sent-errors';
import { ACTOR_MESSAGE } from './sent-messages';
import { UnreadRequests } from './unread-requests';

/** What the receiver needs from its node. */
export interface MessageReceiverParts {
  readonly local: LocalNode;
  readonly port: DeliveryPort;
  readonly pending: PendingCalls;
  readonly known: KnownLocations;
  readonly lease: Lease;
  readonly transport: Pick<Transport, 'endpoints' | 'forbidden' | 'onConnectionLost'>;
  readonly serializer: Serializer;
  readonly time: TimeProvider;
  readonly refusals: RefusalLog;
  readonly metrics: Metrics;
  /** Where received references are made. */
  readonly references: ReferencePort;
  readonly bus: Pick<MessageBus, 'passOn' | 'dropped' | 'hasMade'>;
  readonly router: Pick<MessageRouter, 'noteRejected'>;
  readonly restraint: Restraint;
  /** The actor classes that this process knows, by their wire names. */
  readonly descriptors: ReadonlyMap<string, ActorDescriptor>;
}

/** A message as it was read. */
type Received = RemoteRequest | ReplyEnvelope;

/**
 * Requests that are rejected or forwarded come so from nodes alone, by which a client could say where actors are. A client may answer, for
 * its observers are called, and for the same reason it may pass probes on; an answer counts on the connection by which it was asked for, and nowhere
 * else, a probe only with the number that nobody but those on its way can know.
 */
function mayOnlyNodesSend(message: Received): boolean {
  return message instanceof RemoteRequest ? message.hops > 0 : message.kind === EnvelopeKind.rejection;
}

/** No call of another node is kept longer than this, whatever it says: about 50 days. */
const LONGEST_CALL_MS = 0xffff_ffff;

/** A serializer may be anybody's, and as it is what it throws would pass for an error of the handler, which was not called. */
function unreadable(error: unknown): unknown {
  if (isMoonpoolError(error)) return error;
  const message = `A call could not be read, and was not executed: ${reasonOf(error)}`;
  return new MoonpoolError('MALFORMED_PAYLOAD', { message, cause: error });
}

/** Takes the actor messages of other nodes, and gives each to whoever knows what it is about. */
export class MessageReceiver {
  private readonly requests: ReceivedRequests;
  private readonly answers: ReceivedAnswers;
  private readonly unread: UnreadRequests;

  constructor(private readonly parts: MessageReceiverParts) {
    this.requests = new ReceivedRequests(parts);
    this.answers = new ReceivedAnswers(parts);
    this.unread = new UnreadRequests(parts);
    parts.transport.endpoints.register(ACTOR_MESSAGE, (payload, from) => this.onPacket(payload, from));
    parts.transport.onConnectionLost((connection) => {
      this.requests.forget(connection);
      parts.restraint.forget(connection);
    });
  }

  /** What is kept for requests that are not answered, and of connections that are gone. */
  get kept(): ReceivedRequests['kept'] {
    return this.requests.kept;
  }

  /** Requests that came behind their deadlines. */
  get lateRequests(): number {
    return this.unread.late;
  }

  private onPacket(payload: Buffer, from: PacketConnection): void {
    if (this.unread.refuse(payload, from)) return;
    const references = new BoundReferences<CallScope>(this.parts.references);
    let message: Received;
    try {
      message = this.read(payload, from, references);
    } catch (error) {
      this.onMalformed(payload, from, error);
      return;
    }
    if (mayOnlyNodesSend(message) && from.remote?.role !== 'node') {
      this.parts.transport.forbidden.refuse(ACTOR_MESSAGE, payload, from, message.correlation);
      return;
    }
    try {
      this.handle(message, from, references);
    } catch (error) {
      this.onUnhandled(message, from, error);
    }
  }

  private read(payload: Buffer, from: PacketConnection, references: BoundReferences<CallScope>): Received {
    const envelope = readEnvelope(payload, this.parts.serializer, references);
    switch (envelope.kind) {
      case EnvelopeKind.request:
      case EnvelopeKind.oneWay:
        return this.requests.open(envelope, this.deadlineOf(envelope, from), from, references);
      default:
        return envelope;
    }
  }

  private deadlineOf({ deadline }: RequestEnvelope, from: PacketConnection): number {
    return Math.min(from.clock.momentOf(deadline), this.unread.lookedAt + LONGEST_CALL_MS);
  }

  private handle(message: Received, from: PacketConnection, references: BoundReferences<CallScope>): void {
    if (message instanceof RemoteRequest) {
      this.requests.receive(message);
      return;
    }
    switch (message.kind) {
      case EnvelopeKind.cancel:
        this.requests.cancel(from, message.correlation);
        break;
      case EnvelopeKind.probe:
        this.parts.port.follow(message.target, callIdOf(from, message.correlation), message.probe);
        break;
      case EnvelopeKind.noted:
        this.requests.onNoted(from, message.target);
        break;
      default:
        this.answers.receive(message, from, references);
    }
  }

  /** Something threw that was asked in the course of a message. That is no fault of the connection, by which others have messages too. */
  private onUnhandled(message: Received, from: PacketConnection, error: unknown): void {
    this.note('an actor message could not be handled', from, error);
    if (!(message instanceof RemoteRequest)) return;
    const what = `The call ${message.method} of ${message.target.path} could not be handled: ${reasonOf(error)}`;
    const executed = message.started ? 'maybe' : 'no';
    message.error(new MoonpoolError('HANDLER_FAILED', { message: what, executed, cause: error }));
  }

  /** A message that cannot be read: whoever waits for it learns why, and the connection lives on, for its framing is sound. */
  private onMalformed(payload: Buffer, from: PacketConnection, error: unknown): void {
    this.note('an actor message could not be read', from, error);
    if (payload.length < 9) return;
    const kind = payload[0];
    const correlation = payload.readDoubleLE(1);
    if (kind === EnvelopeKind.request)
      sendError(from, correlation, unreadable(error), 'A call that could not be read', this.parts.serializer);
    else if (kind === EnvelopeKind.value) this.answers.unreadable(correlation, from, error);
    else if (kind === EnvelopeKind.error || kind === EnvelopeKind.plainFailure)
      this.answers.unreadable(correlation, from, error, 'maybe');
    else if (kind === EnvelopeKind.refusal || kind === EnvelopeKind.rejection)
      this.answers.unreadableRefusal(correlation, from, error);
  }

  private note(what: string, from: PacketConnection, error: unknown): void {
    this.parts.refusals.note(what, from, () => ({ error, fields: { from: from.remote?.node.name } }));
  }
}
