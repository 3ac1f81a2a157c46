import { inCleanContext } from '../concurrency/clean-context';
import { MoonpoolError } from '../errors/moonpool-error';
import { formatNodeId } from '../identity/node-id';
import { formatAddress } from '../identity/network-address';
import type { Uid } from '../identity/uid';
import type { ByteWriter } from '../serialization/byte-writer';
import type { Timer } from '../providers/time-provider';
import { PacketConnection } from '../connection/packet-connection';
import { LinkChooser, type LinkKind } from '../connection/link';
import { DialAttempts } from './dial-attempts';
import type { PeerParts } from './peer-parts';
import { PeerCounters, type PeerDescription } from './peer-counters';
import type { Acknowledgement } from './reliable-frame';
import { ReliableQueue } from './reliable-queue';
import { couldNotConnect } from './unreachable';
import { UnreliableGate } from './unreliable-gate';

/**
 * The logical link to an address. It connects when first used, and again after a loss, with growing waits. While it
 * connects, packets wait; while it waits after a failure, there is no connection and callers learn at once that the
 * node cannot be reached. Where the other side has opened a connection, that one is used and none is made. Packets go in one of three ways: on a connection that the caller watches ({@link connection}),
 * kept until acknowledged ({@link sendReliable}), or as luck will have it ({@link sendUnreliable}).
 */
export class Peer {
  private current: PacketConnection | undefined;
  private reconnecting: Timer | undefined;
  private isEnded = false;
  /** The present connection was opened by the other side. */
  private isBorrowed = false;
  /** The order of the latest connection that was used. */
  private lastOrder = 0;
  /** The largest packet that the other side took when it was last greeted; undefined when it never was. */
  private taken: number | undefined;
  /** Whether the handshake of the present connection was done. */
  private hasBeenReady = false;
  private linkKind: LinkKind | undefined;
  private readonly links: LinkChooser;
  private readonly attempts: DialAttempts;
  private readonly reliable: ReliableQueue;
  private readonly unreliable: UnreliableGate;
  private readonly counters = new PeerCounters();

  constructor(private readonly parts: PeerParts) {
    const { address, network, setting, random, ownHost, firstSequence, onUndelivered } = parts;
    this.links = new LinkChooser(network, address, setting.options.localSocketFolder, ownHost);
    this.attempts = new DialAttempts(address, setting.options, setting.time, random);
    this.reliable = new ReliableQueue(setting.options, firstSequence, onUndelivered, formatAddress(address));
    this.unreliable = new UnreliableGate(setting.options);
  }

  /**
   * Sends a packet that is kept until the other side has acknowledged it, and sent again on the next connection when this
   * one is lost: as long as both incarnations live it is delivered once, in the order of sending. Never waits.
   * @param write writes the payload. @returns a number by which {@link Transport.onUndelivered} speaks of the message.
   * @throws MoonpoolError SEND_QUEUE_FULL, PACKET_TOO_LARGE, RUNTIME_NOT_READY after the peer was closed
   */
  sendReliable(token: Uid, write: (into: ByteWriter) => void): number {
    this.requireOpen();
    const sequence = this.reliable.add(token, write);
    if (this.current === undefined) this.connectWhenAllowed();
    return sequence;
  }

  /**
   * Sends a packet on the present connection, or on the one that is being made. It is lost with the connection.
   * @param write writes the payload; not called when the packet is dropped.
   * @returns false when it was dropped at once and counted: too much waits already, or no connection can be made now.
   * @throws MoonpoolError PACKET_TOO_LARGE
   */
  sendUnreliable(token: Uid, write: (into: ByteWriter) => void): boolean {
    const connection =
      this.isEnded || (this.current === undefined && !this.attempts.isAllowed) ? undefined : this.connection();
    return this.unreliable.send(connection, token, write);
  }

  /** False while so many reliable messages wait for their acknowledgement that another one would be refused. */
  get hasRoom(): boolean {
    return this.reliable.hasRoom;
  }

  /** Settles when another reliable message would be taken; at once when it would be now. */
  whenRoom(): Promise<void> {
    return this.reliable.whenRoom();
  }

  /** True while a reliable message waits for its acknowledgement. */
  get hasUnacknowledged(): boolean {
    return this.reliable.packets > 0;
  }

  /** Settles when every reliable message was acknowledged or given up. */
  whenAcknowledged(): Promise<void> {
    return this.reliable.whenEmpty();
  }

  /** The number of the next reliable message. */
  get upcomingSequence(): number {
    return this.reliable.upcoming;
  }

  /**
   * The connection to send on, made if there is none.
   * @throws MoonpoolError NODE_UNREACHABLE soon after a failure, RUNTIME_NOT_READY after the peer was closed
   */
  connection(): PacketConnection {
    const present = this.current ?? this.borrow();
    if (present !== undefined) return present;
    this.requireOpen();
    this.attempts.requireAllowed();
    // In nobody's context: whoever calls first is not everybody who sends and answers on the connection.
    return inCleanContext(() => this.connect());
  }

  /** How long until a new connection may be tried, in milliseconds; 0 when there is one, or one may be tried now. */
  get retryInMs(): number {
    return this.current === undefined ? this.attempts.allowedInMs : 0;
  }

  /** Somebody waits for the node: the next attempt is made no later than so many milliseconds after the last one has failed. */
  hasten(afterMs: number): void {
    this.attempts.hasten(afterMs);
  }

  /** Since when the address could not be reached, in milliseconds of the monotonic clock; undefined while it can, or was never tried. */
  get failedSince(): number | undefined {
    return this.attempts.failingSince;
  }

  /** The next use connects at once, whatever failed before: the node has shown that it lives. */
  forgetFailures(): void {
    this.taken = undefined;
    this.attempts.forget();
  }

  /** Cuts the connection, if there is one. */
  cut(error: MoonpoolError): void {
    this.current?.close(error);
  }

  closeGracefully(): Promise<void> {
    return this.current?.closeGracefully() ?? Promise.resolve();
  }

  tick(standstillMs = 0): void {
    // Whoever accepted a connection looks after it.
    if (!this.isBorrowed) this.current?.tick(standstillMs);
  }

  /** Bytes have left the connection: there may be room for reliable messages. */
  pump(connection: PacketConnection): void {
    this.reliable.pump(connection);
  }

  /** The connection is gone that the other side had opened and this link used. */
  lostBorrowed(connection: PacketConnection, error: MoonpoolError): void {
    if (this.current !== connection) return;
    this.forgetCurrent(connection, error);
    if (this.reliable.packets > 0) this.connectWhenAllowed();
  }

  /** Takes what the other side says of reliable messages. */
  acknowledged(answer: Acknowledgement, from: PacketConnection): void {
    this.reliable.receive(answer, from);
  }

  /** Ends the link: nothing is sent on it any more, and reliable messages that wait are given up. */
  end(why: string): void {
    this.isEnded = true;
    this.reconnecting?.cancel();
    this.reliable.giveUp(why);
  }

  /** How the link stands, for people. */
  describe(): PeerDescription {
    const { current, reliable, unreliable } = this;
    const state =
      current === undefined
        ? this.attempts.isAllowed
          ? 'idle'
          : 'waits'
        : current.isReady
          ? 'connected'
          : 'connecting';
    return {
      state,
      link: this.linkKind ?? null,
      openedBy: current === undefined ? null : this.isBorrowed ? 'the other side' : 'this side',
      remote: current?.remote === undefined ? null : formatNodeId(current.remote.node),
      queuedBytes: current?.queuedBytes ?? 0,
      ...this.counters.describe(current),
      reliable: reliable.describe(),
      unreliable: { dropped: unreliable.dropped, lost: unreliable.lost },
    };
  }

  /** @throws MoonpoolError RUNTIME_NOT_READY: what is dialled after the end is looked after by nobody, and never closed. */
  private requireOpen(): void {
    if (!this.isEnded) return;
    const message = `The link to ${formatAddress(this.parts.address)} was closed`;
    throw new MoonpoolError('RUNTIME_NOT_READY', { message });
  }

  /** Reliable messages wait: the next connection is made as soon as it may be. */
  private connectWhenAllowed(): void {
    if (this.isEnded || this.reconnecting !== undefined || this.borrow() !== undefined) return;
    if (this.attempts.isAllowed) {
      this.connect();
      return;
    }
    this.reconnecting = this.parts.setting.time.schedule(this.attempts.allowedInMs, () => {
      this.reconnecting = undefined;
      if (this.current === undefined && this.reliable.packets > 0) this.connectWhenAllowed();
    });
  }

  /** The connection that the other side has opened, if there is one: it has shown that it gets through. */
  private borrow(): PacketConnection | undefined {
    const opened = this.isEnded ? undefined : this.parts.opened();
    // What was sent by a later one would be overtaken, or overtake: the other side takes nothing more by an earlier one.
    if (opened === undefined || opened.connection.order < this.lastOrder) return undefined;
    const { connection, kind } = opened;
    this.current = connection;
    this.isBorrowed = true;
    this.linkKind = kind;
    this.parts.claim(connection);
    this.parts.monitor.note(formatAddress(this.parts.address), 'answers');
    this.attempts.succeeded();
    this.reliable.attach(connection);
    return connection;
  }

  private connect(): PacketConnection {
    const connection = new PacketConnection('dialler', this.parts.setting, {
      // What waits for the greeting cannot know better.
      expectedLimit: this.taken,
      onReady: (ready) => {
        if (!this.links.isRight(this.linkKind ?? 'tcp', ready.remote?.address ?? '')) {
          ready.close(
            new MoonpoolError('CONNECTION_LOST', {
              message: `The local socket of ${formatAddress(this.parts.address)} belongs to another node`,
            }),
          );
          return;
        }
        this.hasBeenReady = true;
        this.parts.monitor.note(formatAddress(this.parts.address), 'answers');
        this.attempts.succeeded();
        this.parts.events.onReady(ready);
        this.reliable.attach(ready);
      },
      onOutdated: (outdated) => this.dial(outdated),
      onWritten: (written) => this.reliable.pump(written),
      onPacket: this.parts.events.onPacket,
      onClosed: (closed, error) => this.onClosed(closed, error),
    });
    this.current = connection;
    this.isBorrowed = false;
    this.hasBeenReady = false;
    this.counters.attempts++;
    this.parts.claim(connection);
    this.dial(connection);
    return connection;
  }

  private dial(connection: PacketConnection): void {
    this.links.connect().then(
      ({ kind, stream }) => {
        this.linkKind = kind;
        connection.attach(stream);
      },
      (error: unknown) => connection.close(couldNotConnect(this.parts.address, error)),
    );
  }

  private onClosed(connection: PacketConnection, error: MoonpoolError): void {
    this.taken = connection.remote?.maxPacketBytes ?? this.taken;
    if (this.current === connection) {
      if (this.linkKind === 'unix' && !this.hasBeenReady) this.links.mistrust();
      this.forgetCurrent(connection, error);
      this.parts.monitor.note(formatAddress(this.parts.address), 'fails');
      this.attempts.failed();
    }
    this.parts.events.onClosed(connection, error);
    if (this.current === undefined && this.reliable.packets > 0) this.connectWhenAllowed();
  }

  private forgetCurrent(connection: PacketConnection, error: MoonpoolError): void {
    this.current = undefined;
    this.lastOrder = Math.max(this.lastOrder, connection.order);
    this.isBorrowed = false;
    this.linkKind = undefined;
    this.counters.keep(connection);
    this.unreliable.connectionLost(connection);
    this.reliable.detach(connection);
    this.attempts.noteLoss(error);
  }
}
