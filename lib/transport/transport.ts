import type { Buggify } from '../chaos/buggify';
import type { MoonpoolError } from '../errors/moonpool-error';
import { formatAddress, parseAddress, type NetworkAddress } from '../identity/network-address';
import type { Uid } from '../identity/uid';
import type { Logger } from '../observability/logger';
import type { Connection, NetworkListener, NetworkProvider } from '../providers/network-provider';
import type { RandomProvider } from '../providers/random-provider';
import type { TaskProvider } from '../providers/task-provider';
import type { Timer, TimeProvider } from '../providers/time-provider';
import { EndpointMap } from './endpoint-map';
import { FlushQueue } from './flush-queue';
import type { Hello } from './hello';
import type { LocalNode } from './local-node';
import { EARLY_FLUSH_PACKETS, PacketConnection, type PacketConnectionEvents, type PacketConnectionSetting } from './packet-connection';
import { Peer } from './peer';
import type { TransportOptions } from './transport-options';

/** What the transport needs from its node. */
export interface TransportParts {
  readonly local: LocalNode;
  /** Where to listen; undefined for a client. */
  readonly listen: NetworkAddress | undefined;
  readonly options: TransportOptions;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly network: NetworkProvider;
  readonly random: RandomProvider;
  readonly buggify: Buggify;
  readonly logger: Logger;
}

/** Is told when a connection is gone, with everything that was sent on it. */
export type ConnectionLossListener = (connection: PacketConnection, error: MoonpoolError) => void;

/** Carries packets between this node and others: listens, connects, greets, watches, and hands packets to endpoints. */
export class Transport {
  readonly endpoints = new EndpointMap();
  private readonly peers = new Map<string, Peer>();
  private readonly incoming = new Set<PacketConnection>();
  private readonly readyListeners: ((remote: Hello) => void)[] = [];
  private readonly lossListeners: ConnectionLossListener[] = [];
  private listener: NetworkListener | undefined;
  private ticker: Timer | undefined;
  private stopped = false;
  /** Decides who is not to be talked to; the cluster sets it, since it knows which incarnations are dead. */
  refuses: (hello: Hello) => string | undefined = () => undefined;
  /** Answers packets for endpoints that do not exist; unless somebody sets it they are only logged. */
  onUnknownEndpoint: (token: Uid, payload: Buffer, from: PacketConnection) => void = (packetToken) => {
    this.parts.logger.warn('a packet came for an endpoint that does not exist', { token: packetToken.toString() });
  };
  private readonly setting: PacketConnectionSetting;
  private readonly events: PacketConnectionEvents;

  constructor(private readonly parts: TransportParts) {
    const { local, options, time, tasks, buggify } = parts;
    this.setting = {
      local, options, time, buggify,
      flushes: new FlushQueue(tasks),
      flushPackets: buggify.knob('batch-packets', EARLY_FLUSH_PACKETS, { low: 1, high: 4 }),
      refuses: (hello) => this.refuses(hello),
    };
    this.events = {
      onReady: ({ remote }) => {
        if (remote !== undefined) for (const listener of this.readyListeners) listener(remote);
      },
      onPacket: (packetToken, payload, from) => this.onPacket(packetToken, payload, from),
      onClosed: (connection, error) => this.onClosed(connection, error),
    };
  }

  /** Listens, if this node does, and begins to look after its connections. */
  async start(): Promise<void> {
    const { listen, local, network } = this.parts;
    if (listen !== undefined) {
      this.listener = await network.listen(listen, (connection) => this.accept(connection));
      local.address = formatAddress(this.listener.address);
    }
    this.scheduleTick();
  }

  /** Closes all connections in order, after what waits was written. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.ticker?.cancel();
    await this.listener?.close();
    for (const peer of this.peers.values()) peer.closeGracefully();
    for (const connection of [...this.incoming]) connection.closeGracefully();
  }

  /** The peer that listens on the address. @throws MoonpoolError INVALID_ADDRESS */
  peer(address: string): Peer {
    let peer = this.peers.get(address);
    if (peer === undefined) {
      peer = new Peer(parseAddress(address), this.parts.network, this.setting, this.events, this.parts.random);
      this.peers.set(address, peer);
    }
    return peer;
  }

  /** Cuts all connections with an address and forgets it: its node is dead. */
  forget(address: string, error: MoonpoolError): void {
    const peer = this.peers.get(address);
    this.peers.delete(address);
    peer?.cut(error);
  }

  /** How the links to others stand, for people. */
  describe(): { readonly outgoing: Readonly<Record<string, { readonly state: string; readonly queuedBytes: number }>>; readonly incoming: number } {
    const links = [...this.peers].map(([address, peer]) => [address, peer.describe()] as const);
    return { outgoing: Object.fromEntries(links), incoming: this.incoming.size };
  }

  /** Cuts every connection at once: this node must say nothing more. */
  cutAll(error: MoonpoolError): void {
    this.stopped = true;
    this.ticker?.cancel();
    void this.listener?.close();
    for (const peer of this.peers.values()) peer.cut(error);
    for (const connection of [...this.incoming]) connection.close(error);
  }

  /** Is told whom each connection is with, once both sides have greeted. */
  onConnectionReady(listener: (remote: Hello) => void): void {
    this.readyListeners.push(listener);
  }

  onConnectionLost(listener: ConnectionLossListener): void {
    this.lossListeners.push(listener);
  }

  private accept(stream: Connection): void {
    // Without an incarnation this node cannot greet; whoever calls so early tries again.
    if (this.stopped || !this.parts.local.hasJoined) {
      stream.start({ onData: () => undefined, onClose: () => undefined });
      stream.destroy();
      return;
    }
    const connection = new PacketConnection('acceptor', this.setting, this.events);
    this.incoming.add(connection);
    connection.attach(stream);
  }

  private onPacket(packetToken: Uid, payload: Buffer, from: PacketConnection): void {
    const receiver = this.endpoints.receiverOf(packetToken);
    if (receiver !== undefined) receiver(payload, from);
    else this.onUnknownEndpoint(packetToken, payload, from);
  }

  private onClosed(connection: PacketConnection, error: MoonpoolError): void {
    this.incoming.delete(connection);
    for (const listener of this.lossListeners) listener(connection, error);
  }

  private scheduleTick(): void {
    this.ticker = this.parts.time.schedule(this.parts.options.pingIntervalMs, () => {
      for (const peer of this.peers.values()) peer.tick();
      for (const connection of [...this.incoming]) connection.tick();
      if (!this.stopped) this.scheduleTick();
    });
  }
}
