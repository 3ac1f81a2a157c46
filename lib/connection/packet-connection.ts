import { MoonpoolError } from '../errors/moonpool-error';
import { Deferred } from '../concurrency/deferred';
import { reasonOf } from '../errors/reason-of';
import type { Uid } from '../identity/uid';
import { wellKnownNumber, WellKnownToken, wellKnownToken } from '../identity/well-known-token';
import type { Connection } from '../providers/network-provider';
import type { Timer } from '../providers/time-provider';
import type { ByteWriter } from '../serialization/byte-writer';
import { PacketReader } from '../wire/packet-reader';
import { PACKET_HEADER_BYTES } from '../wire/packet';
import { Backlog } from './backlog';
import type { ConnectionSetting } from './connection-setting';
import { ConnectionTraffic } from './connection-traffic';
import type { HandshakeSide } from '../handshake/handshake-side';
import { markOfAddress } from '../handshake/dialled-address';
import { handshakePacket } from '../handshake/handshake';
import { MAX_HANDSHAKE_BYTES, type Hello } from '../handshake/hello';
import { Greeting } from './greeting';
import { endedBy, lateBy, lossBy, lost } from './loss';
import { Heartbeat } from './heartbeat';
import { OutgoingPackets } from './outgoing-packets';
import type { ProtocolAdapter } from './protocol-adapter';
import { RemoteClock } from './remote-clock';

/** How long the other side may take to end a stream that this side has ended, in milliseconds. */
const LINGER_MS = 1_000;

const PING = wellKnownToken(WellKnownToken.ping);

/** What the owner of a packet connection is given. */
export interface PacketConnectionEvents {
  /** The largest packet that the other side took when it was last greeted. */
  readonly expectedLimit?: number | undefined;
  /** The handshake is done; from now on packets are delivered and sent. */
  onReady(connection: PacketConnection): void;
  onPacket(token: Uid, payload: Buffer, connection: PacketConnection): void;
  /** The other side speaks an earlier version of the protocol alone, and wants to be dialled again: {@link PacketConnection.attach}. */
  onOutdated?(connection: PacketConnection): void;
  /** What waited was written: there is room for more. */
  onWritten?(connection: PacketConnection): void;
  /** The connection is gone; told once. */
  onClosed(connection: PacketConnection, error: MoonpoolError): void;
}

/** One connection as a stream of packets. Those sent before it is ready wait; when it is lost, {@link mayHaveLeft} tells of each whether it may have been received. */
export class PacketConnection {
  /** Who the other side is, once the handshake is done. */
  remote: Hello | undefined;
  /** Which it is among the connections of its process, by when they became ready, from 1. Set by the transport. */
  order = 0;
  /** The mark of the address by which the other side calls this process here: that which it dialled, or was told by whoever dialled it. Undefined: not known. */
  calledAt: number | undefined;
  private connection: Connection | undefined;
  private readonly greeting: Greeting;
  private readonly outgoing: OutgoingPackets;
  private reader: PacketReader;
  private ready = false;
  private closedBy: MoonpoolError | undefined;
  /** Cuts a stream that was ended in order and that the other side does not end. */
  private lingering: Timer | undefined;
  private endedByBoth: Deferred<void> | undefined;
  /** What came and went. */
  readonly traffic: ConnectionTraffic;
  /** What the other side's clock shows: deadlines are read by it. */
  readonly clock: RemoteClock;
  /** Of a connection on which an earlier version of the protocol is spoken. */
  private adapter: ProtocolAdapter | undefined;
  private readonly heartbeat: Heartbeat;
  private readonly backlog: Backlog | undefined;

  constructor(
    side: HandshakeSide,
    private readonly setting: ConnectionSetting,
    private readonly events: PacketConnectionEvents,
  ) {
    const { options, time } = setting;
    const now = time.now();
    this.traffic = new ConnectionTraffic(now);
    this.clock = new RemoteClock(now);
    this.backlog = side === 'acceptor' ? new Backlog(options, time, () => this.connection) : undefined;
    this.outgoing = new OutgoingPackets({
      setting,
      traffic: this.traffic,
      expectedLimit: events.expectedLimit,
      backlog: this.backlog,
      write: (bytes) => this.connection?.write(bytes) ?? false,
      onWritten: () => events.onWritten?.(this),
    });
    this.greeting = new Greeting(side, setting, {
      write: (bytes) => this.connection?.write(bytes),
      onDone: (remote) => this.onGreeted(remote),
      onFailed: (error, wasTold) => this.onNotGreeted(error, wasTold),
      onOutdated: () => this.onOutdated(),
      onLate: (limitMs) => this.close(lateBy(this.describeRemote(), limitMs, this.traffic.receivedBytes)),
    });
    this.reader = this.newReader();
    this.heartbeat = new Heartbeat({
      side,
      options,
      time,
      traffic: this.traffic,
      clock: this.clock,
      send: (payload) => this.sendPing(payload),
    });
  }

  get isReady(): boolean {
    return this.ready && this.closedBy === undefined;
  }

  get isClosed(): boolean {
    return this.closedBy !== undefined;
  }

  /** How many bytes wait to be written. */
  get queuedBytes(): number {
    return this.outgoing.bytes;
  }

  /** The number of the batch that the packet written last belongs to. */
  get currentBatch(): number {
    return this.outgoing.currentBatch;
  }

  /** False when the packets of the batch never left this process. */
  mayHaveLeft(batch: number): boolean {
    return batch < this.outgoing.currentBatch;
  }

  /** Gives the connection its stream and begins the handshake. */
  attach(connection: Connection): void {
    if (this.closedBy !== undefined) {
      connection.destroy();
      return;
    }
    this.connection = connection;
    connection.start({
      onData: (chunk) => this.onData(chunk, connection),
      onDrain: () => this.onDrain(),
      onEnd: () => this.onEnd(connection),
      onClose: (error) => {
        // Another stream may have taken its place.
        if (this.connection !== connection) return;
        this.lingering?.cancel();
        this.endedByBoth?.resolve();
        this.close(error ?? lost(this.describeRemote(), 'it was closed'));
      },
    });
    this.greeting.begin();
  }

  /** Begins a packet whose payload is written to the result; {@link end} sends it. @throws MoonpoolError SEND_QUEUE_FULL, CONNECTION_LOST */
  begin(token: Uid): ByteWriter {
    if (this.closedBy !== undefined) {
      const message = `Nothing can be sent to ${this.describeRemote()}: ${reasonOf(this.closedBy)}`;
      throw new MoonpoolError('CONNECTION_LOST', { message, cause: this.closedBy });
    }
    const { outgoing } = this;
    const { maxQueuedBytes } = this.setting.options;
    if (outgoing.bytes > maxQueuedBytes) {
      const message = `${outgoing.bytes} bytes wait for ${this.describeRemote()}; the limit of transport.maxQueuedBytes is ${maxQueuedBytes}`;
      throw new MoonpoolError('SEND_QUEUE_FULL', { message });
    }
    this.traffic.isUsed = true;
    return outgoing.begin(token);
  }

  /** Ends the packet that was begun; it leaves at the end of the turn of the event loop at the latest. */
  end(): void {
    this.outgoing.end();
  }

  /** Takes back the packet that was begun. */
  abandon(): void {
    this.outgoing.abandon();
  }

  /**
   * Looks after the connection now and then: asks for a heartbeat, and cuts it when none came for too long.
   * @param standstillMs for how long this process has stood still since the last look.
   */
  tick(standstillMs = 0): void {
    const why = this.ready
      ? (this.backlog?.tick(this.outgoing.bytes, standstillMs) ?? this.heartbeat.tick(standstillMs))
      : undefined;
    if (why !== undefined) this.close(lost(this.describeRemote(), why));
  }

  /** Ends the connection; what waits is lost. Does nothing when it has ended. */
  close(error: MoonpoolError): void {
    if (this.closedBy !== undefined) return;
    this.closedBy = error;
    this.greeting.end();
    this.outgoing.close();
    this.connection?.destroy();
    this.events.onClosed(this, error);
  }

  /** Writes what waits, then ends in order. Resolves when the other side has ended it too: then it has read everything. */
  closeGracefully(): Promise<void> {
    if (this.isReady) this.outgoing.write();
    const isOpen = this.connection !== undefined && this.closedBy === undefined;
    this.endInOrder(lost(this.describeRemote(), 'this side closed it'));
    return isOpen ? (this.endedByBoth = new Deferred<void>()).promise : Promise.resolve();
  }

  /** Lets what was written arrive before the stream ends, which a cut would not. @param isFirst whether this side ends it. */
  endInOrder(error: MoonpoolError, isFirst = true): void {
    if (this.closedBy !== undefined) return;
    const { connection } = this;
    this.closedBy = error;
    this.greeting.end();
    this.outgoing.close();
    if (isFirst) connection?.end();
    if (connection !== undefined) this.lingering = this.setting.time.schedule(LINGER_MS, () => connection.destroy());
    this.events.onClosed(this, error);
  }

  private onData(chunk: Uint8Array, from: Connection): void {
    // What comes after the end is not read: a stranger who was refused costs nothing more.
    if (this.closedBy !== undefined || this.connection !== from) return;
    try {
      this.reader.read(chunk);
    } catch (error) {
      if (this.ready) this.close(lossBy(this.describeRemote(), error));
      else this.greeting.unreadable(chunk, error);
      return;
    }
    this.traffic.received(chunk.length, this.setting.time.now());
    this.backlog?.heard();
  }

  private onPacket(token: Uid, payload: Buffer): void {
    this.traffic.receivedPackets++;
    if (this.closedBy !== undefined || this.connection === undefined) return;
    if (!this.ready) this.greeting.receive(token, payload);
    else if (wellKnownNumber(token) !== WellKnownToken.ping || !this.heartbeat.receive(payload)) {
      this.traffic.isUsed = true;
      this.events.onPacket(token, this.adapter?.incoming(token, payload) ?? payload, this);
    }
  }

  private onNotGreeted(error: unknown, wasTold: boolean): void {
    const loss = lossBy(this.describeRemote(), error);
    if (wasTold) this.endInOrder(loss);
    else this.close(loss);
  }

  /** What waits goes by another stream, which the owner is to attach; nothing of it was written on the one that is of no use. */
  private onOutdated(): void {
    const { connection } = this;
    this.connection = undefined;
    this.reader = this.newReader();
    connection?.destroy();
    this.events.onOutdated?.(this);
  }

  private newReader(): PacketReader {
    return new PacketReader(
      (token, payload) => this.onPacket(token, payload),
      MAX_HANDSHAKE_BYTES + PACKET_HEADER_BYTES,
    );
  }

  private onGreeted(remote: Hello): void {
    this.remote = remote;
    this.calledAt = this.setting.dialled === undefined ? remote.dialled : markOfAddress(this.setting.local.address);
    this.ready = true;
    this.adapter = this.setting.adapters.get(remote.protocol);
    const why = this.outgoing.open(this.adapter, remote.maxPacketBytes);
    if (why !== undefined) return this.close(lost(this.describeRemote(), why));
    this.reader.allow(this.setting.options.maxPacketBytes);
    // What has waited for this moment has deadlines, which come behind the clock that they are told by.
    this.connection?.write(handshakePacket(PING, this.heartbeat.begin()));
    this.events.onReady(this);
    this.outgoing.write();
  }

  private sendPing(payload: Uint8Array): void {
    if (this.outgoing.bytes > this.setting.options.maxQueuedBytes) return;
    this.outgoing.begin(PING).bytes(payload);
    this.outgoing.end();
  }

  private onEnd(of: Connection): void {
    if (this.connection !== of) return;
    if (this.closedBy === undefined) this.close(endedBy(this.describeRemote(), this.ready));
    else this.connection?.destroy();
  }

  private onDrain(): void {
    this.backlog?.wasRead();
    this.outgoing.drained();
  }

  private describeRemote(): string {
    return this.remote?.node.name ?? this.connection?.remoteAddress ?? 'the other side';
  }
}
