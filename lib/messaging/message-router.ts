import type { Routes } from '../addressing/addressing';
import type { Buggify } from '../chaos/buggify';
import type { Lease } from '../cluster/lease';
import type { Membership } from '../cluster/membership';
import type { Member } from '../cluster/membership-store';
import type { Location, LocationCache } from '../directory/location-cache';
import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { formatNodeId, sameNode } from '../identity/node-id';
import { observerHome } from '../identity/observer-key';
import type { Serializer } from '../serialization/serializer';
import type { LocalNode } from '../identity/local-node';
import type { PacketConnection } from '../connection/packet-connection';
import type { Transport } from '../transport/transport';
import type { ActorLocator } from '../placement/actor-locator';
import type { Call } from '../calls/call';
import { ConnectingRoutes } from './connecting-routes';
import { RoutesInUse } from '../ordering/routes-in-use';
import { ANY_INCARNATION, writeCancel, writeNoted, writeProbe } from './envelope';
import { tell, writeCall } from './sent-messages';
import { HeldCalls } from '../ordering/held-calls';
import type { MessagingOptions } from '../calls/messaging-options';
import type { OpenCall } from '../calls/open-calls';
import type { PendingCalls } from '../calls/pending-calls';
import { ActorId } from '../identity/actor-id';
import type { Rejection } from '../calls/rejection';
import type { Probe } from '../calls/probe';
import { NearDelivery } from './near-delivery';
import type { NearLimits } from './near-limits';
import { ObserverHomes } from './observer-homes';
import type { InProcessNodes } from './in-process-nodes';
import type { ReferencePort } from '../calls/reference-port';
import type { DeliveryPort } from '../calls/request';
import { isRouteFailure, observerUnreachable, routeError, staticOnClient } from '../calls/unsent-call';

/** What the router needs from its node. */
export interface MessageRouterParts {
  readonly local: LocalNode;
  readonly port: DeliveryPort;
  readonly pending: PendingCalls;
  readonly locator: ActorLocator;
  readonly locations: LocationCache;
  readonly membership: Membership;
  readonly transport: Transport;
  readonly serializer: Serializer;
  readonly buggify: Buggify;
  readonly options: MessagingOptions;
  readonly lease: Lease;
  readonly inProcess: InProcessNodes;
  readonly references: ReferencePort;
  /** What calls within the process may carry. */
  readonly limits: NearLimits;
}

/** How often buggify forgets the place of an actor. */
const RARELY = { strikes: 0.05 };

/** Brings calls to the node of their actor, here or elsewhere. */
export class MessageRouter implements Routes<Call> {
  private readonly locations: LocationCache;
  private readonly near: NearDelivery;
  private readonly locating = new HeldCalls();
  readonly routes = new RoutesInUse();
  private readonly connecting = new ConnectingRoutes();
  private readonly homes: ObserverHomes;
  /** What is kept for calls on their way. */
  readonly kept = (): Readonly<Record<'routes' | 'locating', number>> => ({ routes: this.routes.size, locating: this.locating.size });

  constructor(private readonly parts: MessageRouterParts) {
    this.locations = parts.locations;
    this.near = new NearDelivery(parts, parts.inProcess, parts.limits);
    this.homes = new ObserverHomes(parts.membership, parts.transport);
    parts.pending.onGone = (call) => this.routes.end(call);
    parts.transport.onConnectionLost((connection, error) => this.onConnectionLost(connection, error));
    parts.membership.onDeath((member) => this.onDeath(member));
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
  sendOn(call: Call, { location }: Rejection): void {
    if (!call.addressing.keepsOrder) this.lookAgain(call);
    else if (this.locating.join(call)) return;
    else if (location !== undefined && this.parts.membership.isLive(location.node)) this.dispatch(call, location);
    // Who turns it away and knows no better may be about to end, and must not be chosen again.
    else this.lookAgain(call);
  }

  /**
   * A call of the actor was rejected by this connection, and so are those that were sent after it. They come back one after the
   * other; until all are here, those that are made meanwhile are held, so that each is sent on in its order. What was sent before it
   * and has no answer has begun.
   */
  noteRejected(correlation: number, path: string, connection: PacketConnection, { location }: Rejection): void {
    const { pending, membership } = this.parts;
    tell(connection, (into) => writeNoted(path, into));
    if (this.locating.has(path)) return;
    const sent = pending.sentOn(connection).filter(({ target }) => target.path === path);
    const sentAfter = sent.slice(sent.findIndex((call) => call.correlation === correlation) + 1);
    void this.hold(path, [], async () => {
      await pending.whenGone(sentAfter);
      if (location !== undefined && membership.isLive(location.node)) return location;
      return this.find(ActorId.parse(path), membership.refresh());
    });
  }

  /** Tells the node that runs the call that nobody waits for it any more. What cannot be told is not: the deadline remains. */
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
    if (address === undefined && local.role === 'client') call.failed(staticOnClient(call));
    else if (address === undefined || address === local.address) this.near.toHere(call);
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

  /** This node if it hosts the class and has not turned the call away, otherwise one that placement chooses again for each call. */
  toAnyHost(call: Call): void {
    const { local, locator } = this.parts;
    if (local.role === 'node' && call.forwards === 0) {
      this.near.toHere(call);
      return;
    }
    locator.place(call.target).then(
      (location) => (call.abandoned ? undefined : this.dispatch(call, location)),
      (error: unknown) => call.error(error),
    );
  }

  toActivation(call: Call): void {
    if (this.locating.join(call)) return;
    const { buggify, port } = this.parts;
    const { path } = call.target;
    const route = this.routes.get(path) ?? this.connecting.get(path);
    if (route !== undefined) {
      this.send(call, route.location, route.connection);
      return;
    }
    if (port.has(path)) {
      this.near.toHere(call);
      return;
    }
    if (buggify.enabled && buggify.strikes('location-forgotten', RARELY)) this.locations.delete(path);
    const location = this.locations.get(path);
    if (location !== undefined && this.parts.membership.isLive(location.node)) this.dispatch(call, location);
    else void this.locate(call, path);
  }

  /** @param before what must have happened first. */
  private locate(call: Call, path: string, before?: Promise<unknown>): Promise<void> {
    return this.hold(path, [call], () => this.find(call.target, before));
  }

  private hold(path: string, calls: Call[], find: () => Promise<Location>): Promise<void> {
    return this.locating.waitFor(path, calls, find, (found, location) => this.dispatch(found, location));
  }

  private async find(target: ActorId, before?: Promise<unknown>): Promise<Location> {
    await before;
    const location = await this.parts.locator.locate(target);
    this.locations.set(target.path, location);
    return location;
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
      if (call.request.isOneWay) this.connecting.note(call.target.path, location, connection);
      else this.expectAnswer(call, location, connection);
    } catch (error) {
      this.onNotSent(call, routeError(call, error));
    }
  }

  private expectAnswer(call: Call, location: Location, connection: PacketConnection): void {
    this.parts.pending.expectAnswer(call);
    if (call.addressing.keepsOrder) this.routes.begin(call, location, connection);
  }

  /**
   * The call has not left this node, so it may go elsewhere: perhaps the cluster has moved the actor, and only this node
   * has not heard of it.
   */
  private onNotSent(call: Call, error: unknown): void {
    const { pending, options } = this.parts;
    this.locations.delete(call.target.path);
    const mayRetry = isRouteFailure(error) && call.addressing.mayMove && call.forwards < options.maxForwards;
    if (!mayRetry) {
      call.failed(error);
      return;
    }
    call.forwards++;
    pending.forgetAnswer(call);
    this.lookAgain(call, error);
  }

  /**
   * Looks for the actor in the cluster as it is now, and not as it was seen last.
   * @param failure what the call fails with when that cannot be learnt; otherwise it fails with why it cannot.
   */
  private lookAgain(call: Call, failure?: unknown): void {
    const { membership } = this.parts;
    if (!call.addressing.keepsOrder) {
      membership.refresh().then(
        () => (call.abandoned ? undefined : this.route(call)),
        (why: unknown) => call.failed(failure ?? why),
      );
    } else if (!this.locating.join(call)) {
      void this.locate(call, call.target.path, membership.refresh());
    }
  }

  private onConnectionLost(connection: PacketConnection, error: MoonpoolError): void {
    // One that was never made, or refused, says more about what happened than that it is lost.
    const code = connection.remote === undefined ? error.code : 'CONNECTION_LOST';
    for (const call of this.parts.pending.sentOn(connection)) {
      this.locations.delete(call.target.path);
      const { executed } = call;
      const message = `${call.describe()} ${executed === 'no' ? 'was not sent' : 'lost its connection'}: ${reasonOf(error)}`;
      const failure = new MoonpoolError(code, { message, executed, remedy: error.remedy, cause: error });
      if (executed === 'no') this.onNotSent(call, failure);
      else call.failed(failure);
    }
  }

  private onDeath(member: Member): void {
    const { membership, transport } = this.parts;
    const successor = membership.view.members.find((other) => other.address === member.address && other.status !== 'dead');
    const message = `The node ${formatNodeId(member)} was declared dead`;
    if (successor !== undefined) transport.peer(member.address).forgetFailures();
    else transport.forget(member.address, new MoonpoolError('CONNECTION_LOST', { message, executed: 'maybe' }));
  }
}
