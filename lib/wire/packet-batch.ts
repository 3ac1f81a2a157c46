import { MoonpoolError } from '../errors/moonpool-error';
import type { Uid } from '../identity/uid';
import { ByteWriter } from '../serialization/byte-writer';
import { crc32c } from './crc32c';
import { DEFAULT_MAX_PACKET_BYTES, PACKET_TOKEN_OFFSET } from './packet';

/**
 * Packets gathered to be written to a connection in one go. The payload is written straight to its place behind the
 * header, which is filled in when the packet ends.
 */
export class PacketBatch {
  private readonly writer = new ByteWriter();
  private start = 0;
  private packets = 0;
  private isOpen = false;

  constructor(private maxPacketBytes = DEFAULT_MAX_PACKET_BYTES) {}

  get bytes(): number {
    return this.writer.length;
  }

  get count(): number {
    return this.packets;
  }

  /** From the next packet on, larger ones are refused. False when a larger one is gathered already. */
  limitTo(maxPacketBytes: number): boolean {
    this.maxPacketBytes = maxPacketBytes;
    const gathered = this.writer.view();
    for (let at = 0; at < gathered.length; at += gathered.readUInt32LE(at))
      if (gathered.readUInt32LE(at) > maxPacketBytes) return false;
    return true;
  }

  /**
   * Begins a packet; its payload is written to the writer that is returned.
   * @throws MoonpoolError UNSERIALIZABLE_VALUE while another one is being written: it goes on unharmed.
   */
  begin(token: Uid): ByteWriter {
    if (this.isOpen) throw sentWhileWriting();
    // What is no token throws here, and not in the midst of a packet that nobody would end.
    const { firstLow, firstHigh, secondLow, secondHigh } = token;
    this.isOpen = true;
    const { writer } = this;
    writer.limitTo(this.maxPacketBytes);
    this.start = writer.skip(PACKET_TOKEN_OFFSET);
    writer.uint32(firstLow);
    writer.uint32(firstHigh);
    writer.uint32(secondLow);
    writer.uint32(secondHigh);
    return writer;
  }

  /** Ends the packet. @throws MoonpoolError PACKET_TOO_LARGE, and the packet is taken back. */
  end(): void {
    const { writer, start } = this;
    const length = writer.length - start;
    if (length > this.maxPacketBytes) {
      this.abandon();
      throw new MoonpoolError('PACKET_TOO_LARGE', {
        message: `A packet of ${length} bytes is too large: the limit is ${this.maxPacketBytes}`,
      });
    }
    const written = writer.view();
    writer.setUint32(start, length);
    writer.setUint32(start + 4, crc32c(written, start + PACKET_TOKEN_OFFSET, written.length));
    this.isOpen = false;
    this.packets++;
  }

  /** Takes back the packet that was begun. */
  abandon(): void {
    // What has ended may stand where another one has begun since.
    if (!this.isOpen) return;
    this.isOpen = false;
    this.writer.truncate(this.start);
  }

  /** The bytes of all packets, now the caller's own; the batch is empty again. */
  take(): Uint8Array {
    this.packets = 0;
    return this.writer.take();
  }
}

/** A getter of a value that is being written may do anything, also send something itself. */
function sentWhileWriting(): MoonpoolError {
  return new MoonpoolError('UNSERIALIZABLE_VALUE', {
    message: 'Nothing can be sent in the midst of a value that is being sent on the same connection',
    remedy: 'Let no getter of a value that you send make calls: compute what it needs before, and send plain data.',
  });
}
