import { MoonpoolError } from '../errors/moonpool-error';

const SHORT_TEXT = 32;

/**
 * Reads what a {@link ByteWriter} wrote. It trusts nothing: reading past the end, or a text that is no UTF-8 of its
 * announced length, is MALFORMED_PAYLOAD.
 */
export class ByteReader {
  private offset = 0;
  private readonly buffer: Buffer;

  constructor(bytes: Uint8Array) {
    this.buffer = Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How many bytes were read. */
  get position(): number {
    return this.offset;
  }

  get remaining(): number {
    return this.buffer.length - this.offset;
  }

  uint8(): number {
    return this.buffer[this.advance(1)] as number;
  }

  uint16(): number {
    return this.buffer.readUInt16LE(this.advance(2));
  }

  uint32(): number {
    return this.buffer.readUInt32LE(this.advance(4));
  }

  float64(): number {
    return this.buffer.readDoubleLE(this.advance(8));
  }

  shortText(): string {
    return this.text(this.uint8());
  }

  longText(): string {
    return this.text(this.uint16());
  }

  /** Everything that is left, as a view. */
  rest(): Buffer {
    return this.buffer.subarray(this.advance(this.remaining));
  }

  /** The next bytes, as a view. */
  bytes(count: number): Buffer {
    const start = this.advance(count);
    return this.buffer.subarray(start, start + count);
  }

  private text(length: number): string {
    const start = this.advance(length);
    const { buffer } = this;
    return length <= SHORT_TEXT ? shortText(buffer, start, start + length) : longText(buffer, start, start + length);
  }

  private advance(count: number): number {
    const start = this.offset;
    if (start + count > this.buffer.length) {
      throw new MoonpoolError('MALFORMED_PAYLOAD', {
        message: `${count} bytes were announced but only ${this.remaining} are left`,
      });
    }
    this.offset = start + count;
    return start;
  }
}

/** Short ASCII texts are the rule in headers, and joining their characters beats a call into the runtime. */
function shortText(buffer: Buffer, start: number, end: number): string {
  let text = '';
  for (let index = start; index < end; index++) {
    const byte = buffer[index] as number;
    if (byte > 0x7f) return longText(buffer, start, end);
    text += String.fromCharCode(byte);
  }
  return text;
}

/** What is no UTF-8 is read as U+FFFD by Node.js; then different bytes would be the same name. */
function longText(buffer: Buffer, start: number, end: number): string {
  const text = buffer.toString('utf8', start, end);
  if (text.includes('\ufffd') && !Buffer.from(text).equals(buffer.subarray(start, end))) {
    throw new MoonpoolError('MALFORMED_PAYLOAD', { message: `A text of ${end - start} bytes is no UTF-8` });
  }
  return text;
}
