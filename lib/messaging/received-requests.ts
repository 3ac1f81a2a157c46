import type { BoundReferences } from '../actor/bound-references';
import type { CallOptions } from '../actor/call-options';
import type { Addressing } from '../addressing/addressing';
import { STATIC } from '../addressing/static-addressing';
import { VIRTUAL } from '../addressing/virtual-addressing';
import type { Rejection } from '../calls/rejection';
import type { CallScope, DeliveryPort } from '../calls/request';
import type { Lease } from '../cluster/lease';
import type { PacketConnection } from '../connection/packet-connection';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';
import type { LocalNode } from '../identity/local-node';
import { formatNodeId } from '../identity/node-id';
import type { ActorDescriptor, HandlerDescriptor } from '../metadata/actor-descriptor';
import { handlerByName } from '../metadata/unknown-handler';
import { ReceiverOrder } from '../ordering/receiver-order';
import type { KnownLocations } from '../placement/known-locations';
import { UnansweredRequests } from '../requests/unanswered-requests';
import type { Serializer } from '../serialization/serializer';
import { ANY_INCARNATION, type RequestEnvelope } from './envelope';
import type { MessageBus } from './message-bus';
import { RemoteRequest, type RemoteRequestHome } from './remote-request';

/** What those who take requests of other nodes need from their node. */
export interface ReceivedRequestsParts {
  readonly local: LocalNode;
  readonly port: DeliveryPort;
  readonly known: KnownLocations;
  readonly lease: Lease;
  readonly serializer: Serializer;
  /** Forwards what cannot be served here. */
  readonly bus: Pick<MessageBus, 'passOn' | 'dropped'>;
  /** The actor classes that this process knows, by their wire names. */
  readonly descriptors: ReadonlyMap<string, ActorDescriptor>;
}

/** Takes requests of other nodes: they go to the catalog, or back with the reason why not. */
export class ReceivedRequests implements RemoteRequestHome {
  readonly serializer: Serializer;
  readonly lease: Lease;
  private readonly cancellable = new UnansweredRequests<RemoteRequest>();
  private readonly order = new ReceiverOrder();

  constructor(private readonly parts: ReceivedRequestsParts) {
    this.serializer = parts.serializer;
    this.lease = parts.lease;
  }

  get name(): string {
    return this.parts.local.toString();
  }

  /** What is kept for requests that are not answered, and of connections that are gone. */
  get kept(): Readonly<Record<'cancellableRequests' | 'rejectedActors' | 'goneConnections', number>> {
    return { cancellableRequests: this.cancellable.size, ...this.order.kept };
  }

  /** The request that was read. @throws MoonpoolError INVALID_ACTOR_ID */
  open(
    envelope: RequestEnvelope,
    deadline: number,
    from: PacketConnection,
    references: BoundReferences<CallScope>,
  ): RemoteRequest {
    const target = this.parts.port.idOf(envelope.target);
    return new RemoteRequest({ target, envelope, deadline, from, references }, this);
  }

  receive(request: RemoteRequest): void {
    const { correlation, connection } = request;
    const earlier = this.order.objectionTo(request, this.addressingOf(request.target));
    if (earlier === 'late') {
      const message = `The call ${correlation} of ${connection.remote?.node.name} came by a connection that it no longer uses`;
      connection.close(new MoonpoolError('CONNECTION_LOST', { message, executed: 'maybe' }));
      return;
    }
    if (request.isCancellable) this.cancellable.add(request);
    const rejection = this.objectionTo(request) ?? earlier;
    if (rejection === undefined) this.parts.port.deliver(request);
    else request.reject(rejection);
  }

  /** The caller waits no more. */
  cancel(connection: PacketConnection, correlation: number): void {
    this.cancellable.get(connection, correlation)?.cancel();
  }

  /** The sender has noted that a call of the actor was rejected. */
  onNoted(connection: PacketConnection, path: string): void {
    this.order.onNoted(connection, path);
  }

  /** Nothing comes by the connection any more. */
  forget(connection: PacketConnection): void {
    this.cancellable.forget(connection);
    this.order.forget(connection);
  }

  onAnswered(request: RemoteRequest): void {
    this.cancellable.remove(request);
  }

  onRejected(request: RemoteRequest, rejection: Rejection): boolean {
    return this.order.onRejected(request, this.addressingOf(request.target), rejection);
  }

  onUnclaimed(request: RemoteRequest, rejection: Rejection): void {
    const { target, method } = request;
    const { bus, descriptors, known } = this.parts;
    const descriptor = descriptors.get(target.type);
    if (descriptor === undefined || !descriptor.addressing.mayMove) {
      bus.dropped.note(target.path, method, () => rejection.why);
      return;
    }
    known.onRejected(target.path, rejection.location);
    const to = { id: target, address: undefined, addressing: descriptor.addressing };
    const handler = asSent(request, descriptor);
    const invocation = { target: to, handler, args: request.args, options: optionsOf(request), scope: undefined };
    bus.passOn(invocation, request, rejection.isForNext === true ? request.hops : request.hops + 1);
  }

  onDropped({ target, method }: RemoteRequest, why: () => unknown): void {
    this.parts.bus.dropped.note(target.path, method, why);
  }

  /** Why this node does not serve the request, whatever went before it. */
  private objectionTo({ incarnation, target }: RemoteRequest): Rejection | undefined {
    const { lease, local, port } = this.parts;
    if (incarnation !== ANY_INCARNATION && incarnation !== local.node.incarnation)
      return { why: `${formatNodeId(local.node)} is not the incarnation ${incarnation} that the caller knew` };
    // Where earlier calls wait in an activation, this one waits behind them: they are rejected together, in their order.
    if (!lease.held && !port.has(target.path)) return { why: `${formatNodeId(local.node)} has no lease at present` };
    return undefined;
  }

  /** What another node asks for may be of a class that this one does not know. */
  private addressingOf({ type, hasKey }: ActorId): Addressing {
    return this.parts.descriptors.get(type)?.addressing ?? (hasKey ? VIRTUAL : STATIC);
  }
}

/** The handler as the sender knows it: a later version of the class may have one that this process does not. */
function asSent({ method, classVersion }: RemoteRequest, { handlers }: ActorDescriptor): HandlerDescriptor {
  return { ...(handlers.get(method) ?? handlerByName(method)), classVersion };
}

/** What holds of the call wherever it is served. */
function optionsOf({ idempotencyKey }: RemoteRequest): CallOptions | undefined {
  return idempotencyKey === undefined ? undefined : { idempotencyKey };
}
