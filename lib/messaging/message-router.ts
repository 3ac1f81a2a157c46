import type { Routes } from '../addressing/addressing';
import type { Call } from '../calls/call';
import type { MessagingOptions } from '../calls/messaging-options';
import type { OpenCall } from '../calls/open-calls';
import type { PendingCalls } from '../calls/pending-calls';
import type { Probe } from '../calls/probe';
import type { ReferencePort } from '../calls/reference-port';
import type { Rejection } from '../calls/rejection';
import type { DeliveryPort } from '../calls/request';
import { isRouteFailure, observerUnreachable, routeError, searchError, staticOnClient } from '../calls/unsent-call';
import type { Lease } from '../cluster/lease';
import type { Membership } from '../cluster/membership';
import type { PacketConnection } from '../connection/packet-connection';
import type { Location } from '../directory/location-cache';
import type { LocalNode } from '../identity/local-node';
import { sameNode } from '../identity/node-id';
import { observerHome } from '../identity/observer-key';
import type { Departure } from '../ordering/held-calls';
import type { RejectionNotice } from '../ordering/rejection-notice';
import type { SenderOrder } from '../ordering/sender-order';
import type { KnownLocations } from '../placement/known-locations';
import type { Serializer } from '../serialization/serializer';
import type { Transport } from '../transport/transport';
import { ANY_INCARNATION } from './envelope';
import { writeCancel, writeNoted, writeProbe } from './envelope-writer';
import type { InProcessNodes } from './in-process-nodes';
import { LostConnections } from './lost-connections';
import { NearDelivery } from './near-delivery';
import type { NearLimits } from './near-limits';
import { ObserverHomes } from './observer-homes';
import { tell, writeCall } from './sent-messages';

/** What the router needs from its node. */
export interface MessageRouterParts {
  readonly local: LocalNode;
  readonly port: DeliveryPort;
  readonly pending: PendingCalls;
  readonly order: SenderOrder;
  readonly known: KnownLocations;
  readonly membership: Pick<Membership, 'view' | 'refresh' | 'onDeath'>;
  readonly transport: Pick<Transport, 'peer' | 'forget' | 'connectionOf' | 'onConnectionLost'>;
  readonly serializer: Serializer;
  readonly options: MessagingOptions;
  readonly lease: Lease;
  readonly inProcess: InProcessNodes;
  readonly references: ReferencePort;
  /** What calls within the process may carry. */
  readonly limits: NearLimits;
}

/** Brings calls to the node of their actor, here or elsewhere, by the route of its kind. */
export class MessageRouter implements Routes<Call> {
  private readonly near: NearDelivery;
  private readonly homes: ObserverHomes;
  /** How calls go on that wait until it is known where their actor is: by what is known, or in the cluster as it is now. */
  private readonly departure: Departure;
  private readonly departureAgain: Departure;

  constructor(private readonly parts: MessageRouterParts) {
    this.near = new NearDelivery(parts, parts.inProcess, parts.limits);
    this.homes = new ObserverHomes(parts.membership, parts.transport);
    const { known } = parts;
    const send: Departure['send'] = (call, location) => this.dispatch(call, location);
    this.departure = { find: (target, wanted) => known.find(target, wanted), send };
    this.departureAgain = { find: (target, wanted) => known.findAgain(target, wanted), send };
    void new LostConnections(parts, (call, failure) => this.onNotSent(call, failure));
  }

  start(): void {
    this.near.start();
  }

  stop(): void {
    this.near.stop();
  }

  /** How many calls went to other nodes of this process. */
  readonly callsInProcess = (): number => this.near.callsInProcess;

  /** Sends the call on its way. Every failure reaches the call; nothing is thrown. */
  route(call: Call): void {
    call.addressing.route(call, this);
  }

  /** Sends a call elsewhere that was rejected: where it was said to go, if that is known. */
  sendOn(call: Call, rejection: Rejection): void {
    const { order, known } = this.parts;
    if (!call.addressing.keepsOrder) {
      this.routeAgain(call);
      return;
    }
    if (order.holds(call)) return;
    const location = known.said(rejection.location);
    if (location !== undefined) this.dispatch(call, location);
    // Who rejects it and knows no better may be about to end, and must not be chosen again.
    else this.locateAgain(call);
  }

  /** A node tells that it has rejected a call, and rejects what was sent behind it: this is noted, and what comes next is held. */
  noteRejected(notice: RejectionNotice, connection: PacketConnection): void {
    const { order, pending, known } = this.parts;
    tell(connection, (into) => writeNoted(notice.target, into));
    order.onRejected(notice, pending.sentOn(connection), {
      ...this.departureAgain,
      find: async (target, wanted) => known.said(notice.rejection.location) ?? known.findAgain(target, wanted),
    });
  }

  /** Tells the node that runs the call that nobody waits for it any more. What cannot be sent is not: the deadline remains. */
  cancel({ connection, correlation }: Call): void {
    if (connection !== undefined) tell(connection, (into) => writeCancel(correlation, into));
  }

  /** Sends the probe where the call is. One that cannot be sent is lost: another follows while the call waits. */
  follow(call: OpenCall, probe: Probe): void {
    const { connection, correlation, target } = call;
    if (connection === undefined) this.near.follow(call, probe);
    else tell(connection, (into) => writeProbe(correlation, target.path, probe, into));
  }

  toAddress(call: Call, address: string | undefined): void {
    const { local } = this.parts;
    const isHere = address === undefined || address === local.address;
    // The address of a client, which listens nowhere, is the empty text.
    if (isHere && local.role === 'client') call.failed(staticOnClient(call));
    else if (isHere) this.near.toHere(call);
    else this.sendAway(call, { node: { name: address, incarnation: ANY_INCARNATION }, address });
  }

  /** An observer lives in the process that its key names: a node, or a client that has opened a connection to this one. */
  toHome(call: Call): void {
    const { local } = this.parts;
    const home = observerHome(call.target.key ?? '');
    if (home === undefined || !local.hasJoined) {
      call.failed(observerUnreachable(call));
    } else if (home.mark === local.mark && sameNode(home.node, local.node)) {
      this.near.toHere(call);
    } else if (!this.near.toHome(call, home)) {
      this.homes.find(home, (route) => {
        if (call.abandoned || route === undefined) call.failed(observerUnreachable(call));
        else if (route.connection === undefined) this.sendAway(call, route.location);
        else this.send(call, route.location, route.connection);
      });
    }
  }

  /** This node if it hosts the class and has not rejected the call, otherwise one that placement chooses again for each call. */
  toAnyHost(call: Call): void {
    const { local, known } = this.parts;
    if (local.role === 'node' && call.forwards === 0) {
      this.near.toHere(call);
      return;
    }
    known.place(call.target, call.request.classVersion).then(
      (location) => (call.abandoned ? undefined : this.dispatch(call, location)),
      (error: unknown) => call.failed(searchError(call, error)),
    );
  }

  toActivation(call: Call): void {
    const { order, port, known } = this.parts;
    const route = order.routeOf(call);
    if (route === 'held') return;
    const { path } = call.target;
    if (route !== undefined) {
      this.send(call, route.location, route.connection);
    } else if (port.has(path)) {
      this.near.toHere(call);
    } else {
      const location = known.get(path);
      if (location !== undefined) this.dispatch(call, location);
      else order.hold(call, this.departure);
    }
  }

  private dispatch(call: Call, location: Location): void {
    const { local } = this.parts;
    const isHere = local.role === 'node' && local.hasJoined && location.node.incarnation === local.node.incarnation;
    if (isHere) this.near.toHere(call);
    else this.sendAway(call, location);
  }

  /** By the best route: within this process from object to object, otherwise by a connection. */
  private sendAway(call: Call, location: Location): void {
    if (!this.near.toInProcessNode(call, location)) this.send(call, location);
  }

  /** @param opened by which it goes where this node cannot dial. */
  private send(call: Call, location: Location, opened?: PacketConnection): void {
    const { transport, serializer } = this.parts;
    try {
      const connection = opened ?? transport.peer(location.address).connection();
      const batch = connection.currentBatch;
      writeCall(call.request, location.node.incarnation, connection, serializer);
      call.connection = connection;
      call.batch = batch;
      if (!call.request.isOneWay) this.expectAnswer(call, location, connection);
    } catch (error) {
      this.onNotSent(call, routeError(call, error));
    }
  }

  private expectAnswer(call: Call, location: Location, connection: PacketConnection): void {
    this.parts.pending.expectAnswer(call);
    if (call.addressing.keepsOrder) this.parts.order.onSent(call, location, connection);
  }

  /**
   * The call has not left this node, so it may go elsewhere: perhaps the cluster has moved the actor, and only this node
   * has not heard of it.
   */
  private onNotSent(call: Call, error: unknown): void {
    const { pending, options, known } = this.parts;
    known.onNotReached(call.target.path);
    const mayRetry = isRouteFailure(error) && call.addressing.mayMove && call.forwards < options.maxForwards;
    if (!mayRetry) {
      call.failed(error);
      return;
    }
    call.forwards++;
    pending.forgetAnswer(call);
    if (!call.addressing.keepsOrder) this.routeAgain(call, error);
    else if (!this.parts.order.holds(call)) this.locateAgain(call);
  }

  /** Looks for the actor in the cluster as it is now, and not as it was seen last. */
  private locateAgain(call: Call): void {
    this.parts.order.hold(call, this.departureAgain);
  }

  /**
   * As {@link route}, in the cluster as it is now.
   * @param failure what the call fails with when that cannot be learnt; otherwise it fails with why it cannot.
   */
  private routeAgain(call: Call, failure?: unknown): void {
    this.parts.membership.refresh().then(
      () => (call.abandoned ? undefined : this.route(call)),
      (why: unknown) => call.failed(failure ?? searchError(call, why)),
    );
  }
}
