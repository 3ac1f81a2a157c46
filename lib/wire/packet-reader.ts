import { MoonpoolError } from '../errors/moonpool-error';
import { Uid } from '../identity/uid';
import { wellKnownNumber, wellKnownToken, WELL_KNOWN_TOKEN_COUNT } from '../identity/well-known-token';
import { crc32c } from './crc32c';
import { DEFAULT_MAX_PACKET_BYTES, PACKET_HEADER_BYTES, PACKET_TOKEN_OFFSET } from './packet';

/** Receives each packet; the payload is a view of received bytes and is the receiver's to keep. */
export type PacketReceiver = (token: Uid, payload: Buffer) => void;

const NOTHING = Buffer.alloc(0);

/** Well-known tokens made once, since nearly every packet bears one. */
const WELL_KNOWN_TOKENS = Array.from({ length: WELL_KNOWN_TOKEN_COUNT }, (_, number) => wellKnownToken(number));

/**
 * Finds the packets in a stream of bytes that may be split anywhere. It allocates nothing from an announced length: only
 * bytes that have arrived are kept, and no more of them than one packet may have.
 */
export class PacketReader {
  /** The beginning of a packet whose end has not arrived. */
  private partial: Buffer = NOTHING;
  private partialLength = 0;

  constructor(
    private readonly receive: PacketReceiver,
    private maxPacketBytes = DEFAULT_MAX_PACKET_BYTES,
  ) {}

  /** From the next packet on, others are too large: who has proven itself may send more. */
  allow(maxPacketBytes: number): void {
    this.maxPacketBytes = maxPacketBytes;
  }

  /** @throws MoonpoolError CORRUPT_PACKET or PACKET_TOO_LARGE: the stream is lost and the connection must be cut. */
  read(chunk: Uint8Array): void {
    let input = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    if (this.partialLength > 0) {
      input = this.complete(input);
      if (input === NOTHING) return;
    }
    this.keep(input, this.readPackets(input));
  }

  /** Reads all whole packets and returns where the rest begins. */
  private readPackets(input: Buffer): number {
    let start = 0;
    while (input.length - start >= 4) {
      const length = this.checkedLength(input.readUInt32LE(start));
      const end = start + length;
      if (end > input.length) break;
      this.readPacket(input, start, end);
      start = end;
    }
    return start;
  }

  private readPacket(input: Buffer, start: number, end: number): void {
    const announced = input.readUInt32LE(start + 4);
    const found = crc32c(input, start + PACKET_TOKEN_OFFSET, end);
    if (announced !== found) {
      throw new MoonpoolError('CORRUPT_PACKET', {
        message: `A packet of ${end - start} bytes has the checksum ${hex(found)} but announces ${hex(announced)}`,
      });
    }
    this.receive(tokenAt(input, start + PACKET_TOKEN_OFFSET), input.subarray(start + PACKET_HEADER_BYTES, end));
  }

  /**
   * Adds the input to the partial packet. Returns the bytes to read on from: those of the packet, now whole, are read
   * here, so what is returned is the input behind them, or nothing while the packet is still not whole.
   */
  private complete(input: Buffer): Buffer {
    let used = 0;
    if (this.partialLength < 4) {
      used = Math.min(4 - this.partialLength, input.length);
      this.append(input.subarray(0, used));
      if (this.partialLength < 4) return NOTHING;
    }
    const length = this.checkedLength(this.partial.readUInt32LE(0));
    const missing = length - this.partialLength;
    const available = input.length - used;
    this.append(input.subarray(used, used + Math.min(missing, available)));
    if (available < missing) return NOTHING;
    const whole = this.partial;
    this.partial = NOTHING;
    this.partialLength = 0;
    this.readPacket(whole, 0, length);
    return input.subarray(used + missing);
  }

  private keep(input: Buffer, from: number): void {
    if (from < input.length) this.append(input.subarray(from));
  }

  /** Appends to the partial packet in a buffer that doubles as bytes arrive. */
  private append(bytes: Buffer): void {
    const needed = this.partialLength + bytes.length;
    if (needed > this.partial.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.partial.length * 2, 256));
      this.partial.copy(larger, 0, 0, this.partialLength);
      this.partial = larger;
    }
    bytes.copy(this.partial, this.partialLength);
    this.partialLength = needed;
  }

  private checkedLength(length: number): number {
    if (length < PACKET_HEADER_BYTES) {
      throw new MoonpoolError('CORRUPT_PACKET', {
        message: `A packet announces ${length} bytes; the header alone has ${PACKET_HEADER_BYTES}`,
      });
    }
    if (length > this.maxPacketBytes) {
      throw new MoonpoolError('PACKET_TOO_LARGE', {
        message: `A packet announces ${length} bytes; the limit is ${this.maxPacketBytes}`,
      });
    }
    return length;
  }
}

function tokenAt(input: Buffer, at: number): Uid {
  const token = new Uid(
    input.readUInt32LE(at),
    input.readUInt32LE(at + 4),
    input.readUInt32LE(at + 8),
    input.readUInt32LE(at + 12),
  );
  const number = wellKnownNumber(token);
  return number < 0 ? token : (WELL_KNOWN_TOKENS[number] as Uid);
}

function hex(value: number): string {
  return `0x${value.toString(16).padStart(8, '0')}`;
}
