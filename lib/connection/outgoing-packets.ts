import type { Uid } from '../identity/uid';
import type { ByteWriter } from '../serialization/byte-writer';
import { PacketBatch } from '../wire/packet-batch';
import type { Backlog } from './backlog';
import { EARLY_FLUSH_BYTES, type ConnectionSetting } from './connection-setting';
import type { ConnectionTraffic } from './connection-traffic';
import type { Flushable } from './flush-queue';
import { adaptBatch, type ProtocolAdapter } from './protocol-adapter';

/** How late a flush is that buggify delays, and how often it does. */
const LATE_FLUSH_MS = 5;
const RARELY = { strikes: 0.02 };

/** What the packets of a connection need from it. */
export interface OutgoingPacketsParts {
  readonly setting: ConnectionSetting;
  readonly traffic: ConnectionTraffic;
  /** The largest packet that the other side took when it was last greeted; undefined when it never was. */
  readonly expectedLimit: number | undefined;
  /** Of a side that looks after who does not read. */
  readonly backlog: Backlog | undefined;
  /** Hands bytes to the stream. @returns false when no more should follow for now. */
  readonly write: (bytes: Uint8Array) => boolean;
  /** What waited was written. */
  readonly onWritten: () => void;
}

/** The packets of a connection that wait to be written: those of one turn of the event loop go together, in a numbered batch. */
export class OutgoingPackets implements Flushable {
  private readonly batch: PacketBatch;
  /** Whether packets may be written: both sides have greeted, and the connection has not ended. */
  private isOpen = false;
  private isWritable = true;
  private isFlushScheduled = false;
  private flushedBatches = 0;
  private adapter: ProtocolAdapter | undefined;

  constructor(private readonly parts: OutgoingPacketsParts) {
    this.batch = new PacketBatch(this.within(parts.expectedLimit));
  }

  /** What both sides take. @param theirs undefined where that is not known. */
  private within(theirs: number | undefined): number {
    const { maxPacketBytes } = this.parts.setting.options;
    return Math.min(maxPacketBytes, theirs ?? maxPacketBytes);
  }

  /** How many bytes wait. */
  get bytes(): number {
    return this.batch.bytes;
  }

  /** The number of the batch that the packet written last belongs to; those before it were written to the stream. */
  get currentBatch(): number {
    return this.flushedBatches;
  }

  /**
   * From now on packets may be written, by the adapter for another version if there is one; {@link write} writes those that wait.
   * @param theirs the largest packet that the other side takes, if it has said so. @returns why nothing can be written: something waits that it would cut the connection for.
   */
  open(adapter: ProtocolAdapter | undefined, theirs: number | undefined): string | undefined {
    this.adapter = adapter;
    if (!this.batch.limitTo(this.within(theirs)))
      return `a packet waits for it that is larger than the ${theirs} bytes of its transport.maxPacketBytes`;
    this.isOpen = true;
    return undefined;
  }

  /** Nothing is written any more. */
  close(): void {
    this.isOpen = false;
  }

  /** Begins a packet whose payload is written to the result. */
  begin(token: Uid): ByteWriter {
    return this.batch.begin(token);
  }

  /** Ends the packet that was begun; it leaves at the end of the turn of the event loop at the latest. */
  end(): void {
    const { batch } = this;
    batch.end();
    if (!this.isOpen || !this.isWritable) {
      this.parts.backlog?.grew(batch.bytes);
      return;
    }
    if (batch.bytes >= EARLY_FLUSH_BYTES || batch.count >= this.parts.setting.flushPackets) this.write();
    else this.scheduleFlush();
  }

  /** Takes back the packet that was begun. */
  abandon(): void {
    this.batch.abandon();
  }

  /** The turn has ended: what was gathered is written, if it may be. Called by the {@link FlushQueue}. */
  flush(): void {
    this.isFlushScheduled = false;
    if (this.isOpen && this.isWritable) this.write();
  }

  /** The stream takes more. */
  drained(): void {
    this.isWritable = true;
    if (this.isOpen) this.write();
  }

  /** Writes what waits, at once. */
  write(): void {
    const { batch, parts } = this;
    if (batch.count === 0) return;
    this.flushedBatches++;
    const packets = batch.count;
    const { adapter } = this;
    const bytes = adapter === undefined ? batch.take() : adaptBatch(batch.take(), adapter);
    parts.traffic.wrote(packets, bytes.length);
    this.isWritable = parts.write(bytes);
    parts.onWritten();
  }

  private scheduleFlush(): void {
    if (this.isFlushScheduled) return;
    this.isFlushScheduled = true;
    const { buggify, flushes, time } = this.parts.setting;
    if (buggify.enabled && buggify.strikes('flush-late', RARELY)) time.schedule(LATE_FLUSH_MS, () => this.flush());
    else flushes.add(this);
  }
}
