import { Deferred } from '../concurrency/deferred';
import { isMoonpoolError, MoonpoolError, type Executed } from '../errors/moonpool-error';
import { formatNodeId } from '../identity/node-id';
import type { Uid } from '../identity/uid';
import { ByteWriter } from '../serialization/byte-writer';
import { PACKET_HEADER_BYTES } from '../wire/packet';
import type { PacketConnection } from '../connection/packet-connection';
import type { Hello } from '../handshake/hello';
import { RELIABLE, writeMessageHead, writeOpening, type Acknowledgement } from './reliable-frame';
import type { TransportOptions } from '../connection/transport-options';

/** So many bytes may wait on a connection before reliable messages stay in their own queue. */
const WINDOW_BYTES = 256 * 1024;

/** A reliable message that the other side has not acknowledged and never will. */
export interface UndeliveredMessage {
  /** The number that sending it returned. */
  readonly sequence: number;
  readonly token: Uid;
  /** `no` when it was never written to a connection, otherwise `maybe`. */
  readonly executed: Executed;
}

/** Is notified of messages that were given up, with why. */
export type UndeliveredListener = (messages: readonly UndeliveredMessage[], error: MoonpoolError) => void;

/** How a queue of reliable messages stands. A type and no interface, so that it is plain state to the compiler. */
export type ReliableQueueDescription = {
  readonly waiting: number;
  readonly waitingBytes: number;
  readonly resent: number;
  readonly refused: number;
  readonly undelivered: number;
  readonly renewals: number;
  readonly forgotten: number;
};

interface Entry extends UndeliveredMessage {
  readonly bytes: Buffer;
  executed: Executed;
}

/**
 * Messages that are kept until the other side has acknowledged them, and written again in order on each new connection: a
 * sliding window with cumulative acknowledgements that goes back to the first unacknowledged message, as in TCP (RFC 9293),
 * but outliving the connection. The numbers of a peer never begin again, so what an old connection still carries is known by
 * its number. A session lasts as long as both incarnations: with a new one of the other side, all messages that
 * were not acknowledged are given up, each of them told.
 */
export class ReliableQueue {
  /** How many messages were written again on a later connection. */
  resent = 0;
  /** How many messages were given up. */
  undelivered = 0;
  /** How many sessions ended with messages in them because another incarnation answered. */
  renewals = 0;
  /** How many sessions the other side had forgotten. */
  forgotten = 0;
  /** How many messages were refused because the queue was full. */
  refused = 0;
  private entries: Entry[] = [];
  private queuedBytes = 0;
  /** How many of the entries were written on the present connection. */
  private written = 0;
  /** Whether the session was opened on the present connection. */
  private isOpen = false;
  private connection: PacketConnection | undefined;
  private partner: Hello | undefined;
  /** Whether the other side must remember the session. */
  private hasSpoken = false;
  private isPumping = false;
  private room: Deferred<void> | undefined;
  private emptied: Deferred<void> | undefined;

  /**
   * @param firstSequence the number of the first message, above all that were ever used for this address.
   * @param nextSequence is kept by the queue.
   */
  constructor(
    private readonly options: TransportOptions,
    private nextSequence: number,
    private readonly onUndelivered: UndeliveredListener,
    /** The address of the other side, for messages. */
    private readonly address: string,
  ) {}

  /** How many messages are not acknowledged. */
  get packets(): number {
    return this.entries.length;
  }

  /** How many bytes those have. */
  get bytes(): number {
    return this.queuedBytes;
  }

  describe(): ReliableQueueDescription {
    const { packets, bytes, resent, refused, undelivered, renewals, forgotten } = this;
    return { waiting: packets, waitingBytes: bytes, resent, refused, undelivered, renewals, forgotten };
  }

  /** The number that the next message gets. */
  get upcoming(): number {
    return this.nextSequence;
  }

  get hasRoom(): boolean {
    return this.entries.length < this.options.maxReliablePackets && this.queuedBytes < this.options.maxReliableBytes;
  }

  /** Settles when there is room; at once when there is. */
  whenRoom(): Promise<void> {
    if (this.hasRoom) return Promise.resolve();
    this.room ??= new Deferred();
    return this.room.promise;
  }

  /** Settles when all messages were acknowledged or given up. */
  whenEmpty(): Promise<void> {
    if (this.entries.length === 0) return Promise.resolve();
    this.emptied ??= new Deferred();
    return this.emptied.promise;
  }

  /** Takes a message and returns its number. @throws MoonpoolError SEND_QUEUE_FULL, PACKET_TOO_LARGE */
  add(token: Uid, write: (into: ByteWriter) => void): number {
    const { options } = this;
    if (!this.hasRoom) {
      this.refused++;
      throw new MoonpoolError('SEND_QUEUE_FULL', {
        message: `${this.entries.length} reliable messages of ${this.queuedBytes} bytes wait for their acknowledgement by ${this.address}; the limits are ${options.maxReliablePackets} and ${options.maxReliableBytes}`,
        remedy:
          'Await whenRoom() before sending more, or raise `transport.maxReliablePackets` or `transport.maxReliableBytes`.',
      });
    }
    const writer = new ByteWriter();
    const sequence = this.nextSequence;
    writeMessageHead(sequence, token, writer);
    write(writer);
    if (this.nextSequence !== sequence) {
      throw new MoonpoolError('INVALID_STATE_MOVE', {
        message: `A reliable message was sent to ${this.address} while another one to it was being written`,
        remedy: 'Send it when the function that writes the other one has returned.',
      });
    }
    if (writer.length + PACKET_HEADER_BYTES > options.maxPacketBytes) {
      throw new MoonpoolError('PACKET_TOO_LARGE', {
        message: `A reliable message to ${this.address} has ${writer.length + PACKET_HEADER_BYTES} bytes; the limit is ${options.maxPacketBytes}`,
      });
    }
    const bytes = writer.take();
    this.nextSequence++;
    this.entries.push({ sequence, token, bytes, executed: 'no' });
    this.queuedBytes += bytes.length;
    this.pump();
    return sequence;
  }

  /** A connection is ready: what was not acknowledged is written on it. */
  attach(connection: PacketConnection): void {
    const { remote } = connection;
    if (remote === undefined) return;
    if (this.partner !== undefined && this.partner.identity !== remote.identity) {
      if (this.entries.length > 0) this.renewals++;
      this.renew(`${formatNodeId(this.partner.node)} ended, ${formatNodeId(remote.node)} answers at its address`);
    }
    this.partner = remote;
    this.connection = connection;
    this.written = 0;
    if (this.entries.length > 0) this.open(connection);
    this.pump();
  }

  /** The connection is gone; its messages wait for the next one. */
  detach(connection: PacketConnection): void {
    if (this.connection !== connection) return;
    this.connection = undefined;
    this.written = 0;
    this.isOpen = false;
  }

  /** Takes what the other side answered. */
  receive(answer: Acknowledgement, from: PacketConnection): void {
    if (from !== this.connection || !this.isOpen) return;
    if (answer.isSessionUnknown) {
      this.isOpen = false;
      this.forgotten++;
      this.renew('the other side has forgotten the session');
      return;
    }
    const first = this.entries[0]?.sequence ?? this.nextSequence;
    const acknowledged = answer.next - first;
    if (acknowledged <= 0) return;
    // What was written on an earlier connection may be acknowledged before it is written again on this one.
    if (this.entries[acknowledged - 1]?.executed !== 'maybe') {
      throw new MoonpoolError('MALFORMED_PAYLOAD', {
        message: `The reliable message ${answer.next - 1} was acknowledged by ${this.address} and not yet sent`,
      });
    }
    for (let at = 0; at < acknowledged; at++) this.queuedBytes -= this.entries[at]?.bytes.length ?? 0;
    this.entries.splice(0, acknowledged);
    this.written = Math.max(0, this.written - acknowledged);
    this.tellRoom();
    this.pump();
  }

  /** Gives all messages up. */
  giveUp(why: string): void {
    const given = this.entries;
    if (given.length === 0) return;
    this.entries = [];
    this.queuedBytes = 0;
    this.written = 0;
    this.undelivered += given.length;
    const executed = given.some((entry) => entry.executed === 'maybe') ? 'maybe' : 'no';
    const message = `${given.length} reliable messages to ${this.address} were given up: ${why}`;
    this.onUndelivered(given, new MoonpoolError('MESSAGE_UNDELIVERED', { message, executed }));
    this.tellRoom();
  }

  /** Writes as much as the connection takes; called again when that has written. */
  pump(on = this.connection): void {
    const { connection } = this;
    if (connection === undefined || on !== connection || this.isPumping || this.written === this.entries.length) return;
    this.isPumping = true;
    try {
      if (!this.isOpen) this.open(connection);
      const limit = Math.min(WINDOW_BYTES, this.options.maxQueuedBytes);
      while (this.connection === connection && connection.queuedBytes < limit) {
        const entry = this.entries[this.written];
        if (entry === undefined) break;
        const into = connection.begin(RELIABLE);
        if (entry.executed === 'maybe') this.resent++;
        entry.executed = 'maybe';
        this.written++;
        into.bytes(entry.bytes);
        connection.end();
      }
    } catch (error) {
      if (isMoonpoolError(error, 'PACKET_TOO_LARGE')) this.giveUpOn(connection, error);
      // A getter of what is being sent may send too: its message goes when that was written.
      else if (!isMoonpoolError(error, 'UNSERIALIZABLE_VALUE')) throw error;
    } finally {
      this.isPumping = false;
    }
  }

  /** The other side takes no packet that is so large; without that one it would take none of those behind it either. */
  private giveUpOn(connection: PacketConnection, { detail }: MoonpoolError): void {
    connection.abandon();
    this.isOpen = false;
    this.renew(`one of them is too large for the other side: ${detail}`);
  }

  private open(connection: PacketConnection): void {
    if (this.isOpen) return;
    const into = connection.begin(RELIABLE);
    this.isOpen = true;
    writeOpening(this.entries[0]?.sequence ?? this.nextSequence, this.hasSpoken, into);
    this.hasSpoken = true;
    connection.end();
  }

  private renew(why: string): void {
    this.hasSpoken = false;
    this.giveUp(why);
  }

  private tellRoom(): void {
    if (this.hasRoom) {
      this.room?.resolve();
      this.room = undefined;
    }
    if (this.entries.length === 0) {
      this.emptied?.resolve();
      this.emptied = undefined;
    }
  }
}
