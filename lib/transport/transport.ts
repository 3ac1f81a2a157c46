import type { MoonpoolError } from '../errors/moonpool-error';
import type { ObserverHome } from '../identity/observer-key';
import { WellKnownToken, wellKnownToken } from '../identity/well-known-token';
import { parseAddress } from '../identity/network-address';
import type { Connection } from '../providers/network-provider';
import { scheduleLook } from '../providers/awake-timer';
import type { Timer } from '../providers/time-provider';
import { Doorkeeper } from './doorkeeper';
import { EARLY_FLUSH_PACKETS, type ConnectionSetting } from '../connection/connection-setting';
import { EndpointMap } from './endpoint-map';
import { FlushQueue } from '../connection/flush-queue';
import { FailureMonitor } from './failure-monitor';
import { ForbiddenPackets } from './forbidden-packets';
import { markOfAddress } from '../handshake/dialled-address';
import { ClusterSecret } from '../handshake/cluster-secret';
import { drawSession } from '../identity/session';
import type { LinkKind } from '../connection/link';
import { lastAcknowledgements, whenEnded } from './last-words';
import { Listening } from './listening';
import { PacketConnection, type PacketConnectionEvents } from '../connection/packet-connection';
import { OpenedConnections, type OpenedConnection } from './opened-connections';
import { Peer } from './peer';
import { ACKNOWLEDGE, readAcknowledgement, RELIABLE } from './reliable-frame';
import { ReliableInbox } from './reliable-inbox';
import type { UndeliveredMessage } from './reliable-queue';
import type { TransportDescription } from './transport-description';
import {
  TransportListeners,
  type ConnectionLossListener,
  type ConnectionReadyListener,
  type UndeliveryListener,
} from './transport-listeners';
import type { TransportParts } from './transport-parts';
import { TransportRefusals } from './transport-refusals';

const UNAUTHORIZED = wellKnownToken(WellKnownToken.unauthorized);

/** Carries packets between this node and others: listens, connects, greets, watches, and hands packets to endpoints. */
export class Transport {
  readonly endpoints: EndpointMap;
  /** Who answers lately. */
  readonly failures: FailureMonitor;
  private readonly peers = new Map<string, Peer>();
  private readonly door: Doorkeeper;
  /** What clients sent that only nodes may send. */
  readonly forbidden: ForbiddenPackets;
  private readonly opened = new OpenedConnections();
  private readonly listeners = new TransportListeners();
  /** Whose link a connection is: this node dialled it, or uses one that the other side has opened. */
  private readonly linkOf = new WeakMap<PacketConnection, Peer>();
  private readonly inbox: ReliableInbox;
  private readonly refused: TransportRefusals;
  /** Above every number of a reliable message to a peer that was forgotten. */
  private firstSequence = 1;
  private readonly listening: Listening;
  private ticker: Timer | undefined;
  private stopped = false;
  private readonly setting: ConnectionSetting;
  private readonly events: PacketConnectionEvents;

  /** @throws MoonpoolError INVALID_OPTION when the cluster secret is too short. */
  constructor(private readonly parts: TransportParts) {
    const { local, options, security, adapters, time, tasks, random, buggify } = parts;
    local.openSession(drawSession(random));
    this.setting = {
      local,
      options,
      maxPacketBytes: options.maxPacketBytes,
      adapters,
      time,
      random,
      buggify,
      secret: security.clusterSecret === undefined ? undefined : new ClusterSecret(security.clusterSecret),
      flushes: new FlushQueue(tasks),
      flushPackets: buggify.knob('batch-packets', EARLY_FLUSH_PACKETS, { low: 1, high: 4 }),
      refuses: (hello) => parts.policy.refuses(hello),
    };
    this.events = {
      onReady: (connection) => {
        this.listeners.number(connection);
        this.inbox.connectionReady(connection);
        this.listeners.tellReady(connection);
      },
      onPacket: (packetToken, payload, from) => this.endpoints.dispatch(packetToken, payload, from),
      onClosed: (connection, error) => this.onClosed(connection, error),
    };
    this.failures = new FailureMonitor(time);
    this.inbox = new ReliableInbox(options, time, (packetToken, payload, from) =>
      this.endpoints.dispatch(packetToken, payload, from),
    );
    this.listening = new Listening({
      network: parts.network,
      advertise: parts.advertise,
      isOpen: security.insecure === true || security.clusterSecret !== undefined,
      localSocketFolder: options.localSocketFolder,
      logger: parts.logger,
      accept: (stream, kind) => this.accept(stream, kind),
      refused: (host, error) => this.refused.refused(host, error),
    });
    this.door = new Doorkeeper(options, time);
    this.refused = new TransportRefusals(parts.refusals);
    this.forbidden = new ForbiddenPackets(parts.refusals);
    this.endpoints = new EndpointMap(
      (token, payload, from) => this.forbidden.refuse(token, payload, from),
      (token, _payload, from) => this.refused.unknownEndpoint(token, from),
    );
    this.endpoints.register(UNAUTHORIZED, (payload, from) => this.forbidden.wasRefused(payload, from));
    this.endpoints.register(RELIABLE, (payload, from) => this.inbox.receive(payload, from));
    this.endpoints.register(ACKNOWLEDGE, (payload, from) =>
      this.linkOf.get(from)?.acknowledged(readAcknowledgement(payload), from),
    );
  }

  /**
   * Listens, if this node does, and begins to look after its connections.
   * @throws MoonpoolError UNPROTECTED_ADDRESS, UNPUBLISHABLE_ADDRESS, INVALID_OPTION, ADDRESS_IN_USE, CONNECTION_FAILED
   */
  async start(): Promise<void> {
    if (this.parts.listen !== undefined) this.parts.local.address = await this.listening.begin(this.parts.listen);
    this.scheduleTick();
  }

  /**
   * Closes all connections in order, after what waits was written and the reliable messages were acknowledged, for which it
   * waits at most `closeLimitMs`; those that were not are given up. Then it waits a moment for the other sides to end them too.
   */
  async stop(): Promise<void> {
    this.stopped = true;
    await this.listening.end();
    await lastAcknowledgements(this.peers.values(), this.parts.options.closeLimitMs, this.parts.time);
    this.ticker?.cancel();
    this.inbox.stop();
    const endings: Promise<void>[] = [];
    for (const peer of this.peers.values()) {
      peer.end('this side was closed');
      endings.push(peer.closeGracefully());
    }
    this.door.stop();
    for (const connection of [...this.door.connections]) endings.push(connection.closeGracefully());
    await whenEnded(endings, this.parts.time);
  }

  /** The peer that listens on the address. @throws MoonpoolError INVALID_ADDRESS */
  peer(address: string): Peer {
    let peer = this.peers.get(address);
    if (peer === undefined) {
      const made: Peer = new Peer({
        address: parseAddress(address),
        network: this.parts.network,
        setting: { ...this.setting, dialled: markOfAddress(address) },
        events: this.events,
        random: this.parts.random,
        ownHost: () => this.listening.host,
        monitor: this.failures,
        firstSequence: this.firstSequence,
        claim: (connection) => void this.linkOf.set(connection, made),
        opened: () => this.openedBy(address),
        onUndelivered: (messages, error) => this.onGivenUp(address, messages, error),
      });
      if (this.stopped) made.end('this side was closed');
      this.peers.set(address, made);
      peer = made;
    }
    return peer;
  }

  /** Cuts all connections with an address and forgets it: its node is dead. */
  forget(address: string, error: MoonpoolError): void {
    const peer = this.peers.get(address);
    this.peers.delete(address);
    if (peer === undefined) return;
    this.firstSequence = Math.max(this.firstSequence, peer.upcomingSequence);
    peer.end(error.detail);
    peer.cut(error);
    this.failures.forget(address);
  }

  /** How the links to others stand, for people. */
  describe(): TransportDescription {
    const { delivered, duplicates, size } = this.inbox;
    const outgoing = Object.fromEntries([...this.peers].map(([address, peer]) => [address, peer.describe()] as const));
    return {
      outgoing,
      incoming: this.door.size,
      door: this.door.describe(),
      forbidden: this.forbidden.count,
      reliable: { delivered, duplicates, sessions: size },
    };
  }

  /** Cuts every connection at once: this node must say nothing more. */
  cutAll(error: MoonpoolError): void {
    this.stopped = true;
    this.ticker?.cancel();
    void this.listening.end();
    this.inbox.stop();
    for (const peer of this.peers.values()) {
      peer.end(error.detail);
      peer.cut(error);
    }
    this.door.stop();
    for (const connection of [...this.door.connections]) connection.close(error);
  }

  /** The connection that the client of an observer has opened to this node, if there is one. */
  connectionOf(home: ObserverHome): PacketConnection | undefined {
    return this.opened.ofClient(home);
  }

  /** The connection that the client of that name has opened to this node last, if there is one. */
  connectionOfClient(name: string): PacketConnection | undefined {
    return this.opened.ofClientNamed(name);
  }

  /** Is told whom each connection is with, once both sides have greeted. */
  onConnectionReady(listener: ConnectionReadyListener): void {
    this.listeners.addReady(listener);
  }

  onConnectionLost(listener: ConnectionLossListener): void {
    this.listeners.addLoss(listener);
  }

  /** Learns when reliable messages were given up, before they count as gone from their queue. */
  onUndelivered(listener: UndeliveryListener): void {
    this.listeners.addUndelivery(listener);
  }

  private onGivenUp(address: string, messages: readonly UndeliveredMessage[], error: MoonpoolError): void {
    this.parts.logger.warn('reliable messages were given up', { address, count: messages.length });
    this.listeners.tellUndelivery(address, messages, error);
  }

  private accept(stream: Connection, kind: LinkKind): void {
    // Without an incarnation this node cannot greet; whoever calls so early tries again.
    if (this.stopped || !this.parts.local.hasJoined) {
      stream.start({ onData: () => undefined, onClose: () => undefined });
      stream.destroy();
      return;
    }
    const objection = this.door.objection(stream);
    if (objection !== undefined) {
      this.door.turnAway(stream, objection);
      return;
    }
    const connection = new PacketConnection('acceptor', this.setting, {
      ...this.events,
      onReady: (ready) => this.onAccepted(ready, kind),
      onWritten: (written) => this.linkOf.get(written)?.pump(written),
    });
    this.door.admit(connection, stream);
    connection.attach(stream);
  }

  private openedBy(address: string): OpenedConnection | undefined {
    const opened = this.parts.local.role === 'node' ? this.opened.ofNode(address) : undefined;
    const remote = opened?.connection.remote;
    return remote !== undefined && this.parts.policy.vouchesFor(remote) ? opened : undefined;
  }

  private onAccepted(connection: PacketConnection, kind: LinkKind): void {
    this.door.greeted(connection);
    this.opened.add(connection, kind);
    this.events.onReady(connection);
  }

  private onClosed(connection: PacketConnection, error: MoonpoolError): void {
    this.refused.connectionGone(connection, this.door.hostOf(connection), error);
    if (this.door.remove(connection)) {
      this.opened.remove(connection);
      this.linkOf.get(connection)?.lostBorrowed(connection, error);
    }
    if (connection.order > 0) this.inbox.connectionClosed(connection);
    this.listeners.tellLoss(connection, error);
  }

  private scheduleTick(): void {
    this.ticker = scheduleLook(this.parts.time, this.parts.options.pingIntervalMs, (sleptMs) => {
      this.failures.excuse(sleptMs);
      for (const one of [...this.peers.values(), ...this.door.connections]) one.tick(sleptMs);
      this.door.report(this.parts.logger);
      if (!this.stopped) this.scheduleTick();
    });
  }
}
