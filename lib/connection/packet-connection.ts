import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { Uid } from '../identity/uid';
import { wellKnownNumber, WellKnownToken, wellKnownToken } from '../identity/well-known-token';
import type { Connection } from '../providers/network-provider';
import { scheduleAwake } from '../providers/awake-timer';
import type { Timer } from '../providers/time-provider';
import type { ByteWriter } from '../serialization/byte-writer';
import { PacketBatch } from '../wire/packet-batch';
import { PacketReader } from '../wire/packet-reader';
import { PACKET_HEADER_BYTES } from '../wire/packet';
import { Backlog } from './backlog';
import { EARLY_FLUSH_BYTES, type ConnectionSetting } from './connection-setting';
import { ConnectionTraffic } from './connection-traffic';
import type { Flushable } from './flush-queue';
import type { HandshakeSide } from '../handshake/handshake-side';
import { Handshake, handshakePacket, refusalPacket } from '../handshake/handshake';
import { MAX_HANDSHAKE_BYTES, type Hello } from '../handshake/hello';
import { lossBy, lost } from './loss';
import { Heartbeat } from './heartbeat';
import { RemoteClock } from './remote-clock';
import { explainUnreadable } from '../handshake/refusal';

/** How late a flush is that buggify delays, and how often it does. */
const LATE_FLUSH_MS = 5;
const RARELY = { strikes: 0.02 };

/** How long the other side may take to end a stream that this side has ended, in milliseconds. */
const LINGER_MS = 1_000;

const PING = wellKnownToken(WellKnownToken.ping);

/** What the owner of a packet connection is told. */
export interface PacketConnectionEvents {
  /** The handshake is done; from now on packets are delivered and sent. */
  onReady(connection: PacketConnection): void;
  onPacket(token: Uid, payload: Buffer, connection: PacketConnection): void;
  /** What waited was written: there is room for more. */
  onWritten?(connection: PacketConnection): void;
  /** The connection is gone; told once. */
  onClosed(connection: PacketConnection, error: MoonpoolError): void;
}

/**
 * One connection as a stream of packets: handshake, batches, heartbeats. Packets sent before it is ready wait; when it
 * is lost, {@link mayHaveLeft} tells for each packet whether the other side may have received it.
 */
export class PacketConnection implements Flushable {
  /** Who the other side is, once the handshake is done. */
  remote: Hello | undefined;
  /** Which it is among the connections of its process, by when they became ready, from 1. Set by the transport. */
  order = 0;
  private connection: Connection | undefined;
  private readonly handshake: Handshake;
  private readonly batch: PacketBatch;
  private readonly reader: PacketReader;
  private ready = false;
  private writable = true;
  private flushScheduled = false;
  private flushedBatches = 0;
  private closedBy: MoonpoolError | undefined;
  /** Cuts a stream that was ended in order and that the other side does not end. */
  private lingering: Timer | undefined;
  /** Cuts the connection when the handshake takes too long. */
  private readonly handshakeLimit: Timer;
  /** What came and went. */
  readonly traffic: ConnectionTraffic;
  /** What the other side's clock shows: deadlines are told by it. */
  readonly clock: RemoteClock;
  private readonly heartbeat: Heartbeat;
  private readonly backlog: Backlog | undefined;

  constructor(
    private readonly side: HandshakeSide,
    private readonly setting: ConnectionSetting,
    private readonly events: PacketConnectionEvents,
  ) {
    this.handshake = new Handshake(side, setting, (bytes) => this.connection?.write(bytes));
    this.batch = new PacketBatch(setting.options.maxPacketBytes);
    this.reader = new PacketReader((token, payload) => this.onPacket(token, payload), MAX_HANDSHAKE_BYTES + PACKET_HEADER_BYTES);
    const now = setting.time.now();
    this.traffic = new ConnectionTraffic(now);
    this.clock = new RemoteClock(now);
    const { options, time } = setting;
    this.heartbeat = new Heartbeat({ side, options, time, traffic: this.traffic, clock: this.clock, send: (payload) => this.sendPing(payload) });
    this.backlog = side === 'acceptor' ? new Backlog(setting.options, setting.time, () => this.connection) : undefined;
    const limitMs = setting.options.handshakeLimitMs;
    this.handshakeLimit = scheduleAwake(setting.time, limitMs, () => this.close(lost(this.describeRemote(), `the handshake took longer than ${limitMs} ms`)));
  }

  get isReady(): boolean {
    return this.ready && this.closedBy === undefined;
  }

  get isClosed(): boolean {
    return this.closedBy !== undefined;
  }

  /** How many bytes wait to be written. */
  get queuedBytes(): number {
    return this.batch.bytes;
  }

  /** The number of the batch that the packet written last belongs to. */
  get currentBatch(): number {
    return this.flushedBatches;
  }

  /** False when the packets of the batch never left this process. */
  mayHaveLeft(batch: number): boolean {
    return batch < this.flushedBatches;
  }

  /** Gives the connection its stream and begins the handshake. */
  attach(connection: Connection): void {
    if (this.closedBy !== undefined) {
      connection.destroy();
      return;
    }
    this.connection = connection;
    connection.start({
      onData: (chunk) => this.onData(chunk),
      onDrain: () => this.onDrain(),
      onEnd: () => this.onEnd(),
      onClose: (error) => {
        this.lingering?.cancel();
        this.close(error ?? lost(this.describeRemote(), 'it was closed'));
      },
    });
    this.handshake.begin();
  }

  /**
   * Begins a packet whose payload is written to the result; {@link end} sends it.
   * @throws MoonpoolError SEND_QUEUE_FULL, CONNECTION_LOST
   */
  begin(token: Uid): ByteWriter {
    if (this.closedBy !== undefined) {
      throw new MoonpoolError('CONNECTION_LOST', { message: `Nothing can be sent to ${this.describeRemote()}: ${reasonOf(this.closedBy)}`, cause: this.closedBy });
    }
    if (this.batch.bytes > this.setting.options.maxQueuedBytes) {
      throw new MoonpoolError('SEND_QUEUE_FULL', {
        message: `${this.batch.bytes} bytes wait for ${this.describeRemote()}; the limit of transport.maxQueuedBytes is ${this.setting.options.maxQueuedBytes}`,
      });
    }
    this.traffic.isUsed = true;
    return this.batch.begin(token);
  }

  /** Ends the packet that was begun; it leaves at the end of the turn of the event loop at the latest. */
  end(): void {
    this.batch.end();
    if (!this.ready || !this.writable) {
      this.backlog?.grew(this.batch.bytes);
      return;
    }
    if (this.batch.bytes >= EARLY_FLUSH_BYTES || this.batch.count >= this.setting.flushPackets) this.write();
    else this.scheduleFlush();
  }

  /** Takes back the packet that was begun. */
  abandon(): void {
    this.batch.abandon();
  }

  /**
   * Looks after the connection now and then: asks for a heartbeat, and cuts it when none came for too long.
   * @param standstillMs for how long this process has stood still since the last look.
   */
  tick(standstillMs = 0): void {
    const why = this.ready ? this.backlog?.tick(this.batch.bytes, standstillMs) ?? this.heartbeat.tick(standstillMs) : undefined;
    if (why !== undefined) this.close(lost(this.describeRemote(), why));
  }

  /** Ends the connection; what waits is lost. Does nothing when it has ended. */
  close(error: MoonpoolError): void {
    if (this.closedBy !== undefined) return;
    this.closedBy = error;
    this.handshakeLimit.cancel();
    this.connection?.destroy();
    this.events.onClosed(this, error);
  }

  /** Writes what waits, then ends the connection in order. */
  closeGracefully(): void {
    if (this.isReady) this.write();
    this.endInOrder(lost(this.describeRemote(), 'this side closed it'));
  }

  /** Lets what was written arrive before the stream ends, which a cut would not. @param isFirst whether this side ends it. */
  endInOrder(error: MoonpoolError, isFirst = true): void {
    if (this.closedBy !== undefined) return;
    const { connection } = this;
    this.closedBy = error;
    this.handshakeLimit.cancel();
    if (isFirst) connection?.end();
    if (connection !== undefined) this.lingering = this.setting.time.schedule(LINGER_MS, () => connection.destroy());
    this.events.onClosed(this, error);
  }

  private onData(chunk: Uint8Array): void {
    // What comes after the end is not read: a stranger who was refused costs nothing more.
    if (this.closedBy !== undefined) return;
    try {
      this.reader.read(chunk);
    } catch (error) {
      if (this.ready) this.close(lossBy(this.describeRemote(), error));
      else this.onUnreadable(explainUnreadable(chunk, error));
      return;
    }
    this.traffic.received(chunk.length, this.setting.time.now());
    this.backlog?.heard();
  }

  /** The other side did not begin as it should: whoever dialled here is told why. */
  private onUnreadable(error: unknown): void {
    if (this.side === 'dialler') {
      this.close(lossBy(this.describeRemote(), error));
      return;
    }
    this.connection?.write(refusalPacket(error));
    this.endInOrder(lossBy(this.describeRemote(), error));
  }

  private onPacket(token: Uid, payload: Buffer): void {
    this.traffic.receivedPackets++;
    if (this.closedBy !== undefined) return;
    if (!this.ready) this.onGreeting(token, payload);
    else if (wellKnownNumber(token) !== WellKnownToken.ping || !this.heartbeat.receive(payload)) {
      this.traffic.isUsed = true;
      this.events.onPacket(token, payload, this);
    }
  }

  private onGreeting(token: Uid, payload: Buffer): void {
    try {
      this.remote = this.handshake.receive(token, payload);
      if (this.remote === undefined) return;
    } catch (error) {
      // The refusal that was just written should arrive; a dialler has written nothing that matters.
      if (this.side === 'dialler') throw error;
      this.endInOrder(lossBy(this.describeRemote(), error));
      return;
    }
    this.ready = true;
    this.handshakeLimit.cancel();
    this.reader.allow(this.setting.options.maxPacketBytes);
    // What has waited for this moment has deadlines, which come behind the clock that they are told by.
    this.connection?.write(handshakePacket(PING, this.heartbeat.begin()));
    this.events.onReady(this);
    this.write();
  }

  private sendPing(payload: Uint8Array): void {
    if (this.batch.bytes > this.setting.options.maxQueuedBytes) return;
    this.batch.begin(PING).bytes(payload);
    this.end();
  }

  private scheduleFlush(): void {
    if (this.flushScheduled) return;
    this.flushScheduled = true;
    const { buggify, flushes, time } = this.setting;
    if (buggify.enabled && buggify.strikes('flush-late', RARELY)) time.schedule(LATE_FLUSH_MS, () => this.flush());
    else flushes.add(this);
  }

  /** The turn has ended: what was gathered is written, if it may be. Called by the {@link FlushQueue}. */
  flush(): void {
    this.flushScheduled = false;
    if (this.isReady && this.writable) this.write();
  }

  private write(): void {
    if (this.batch.count === 0) return;
    this.flushedBatches++;
    const packets = this.batch.count;
    const bytes = this.batch.take();
    this.traffic.wrote(packets, bytes.length);
    this.writable = this.connection?.write(bytes) ?? false;
    this.events.onWritten?.(this);
  }

  private onEnd(): void {
    if (this.closedBy === undefined) this.close(lost(this.describeRemote(), 'the other side closed it'));
    else this.connection?.destroy();
  }

  private onDrain(): void {
    this.writable = true;
    this.backlog?.wasRead();
    if (this.isReady) this.write();
  }

  private describeRemote(): string {
    return this.remote?.node.name ?? this.connection?.remoteAddress ?? 'the other side';
  }
}
