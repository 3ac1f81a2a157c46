import { MoonpoolError } from '../errors/moonpool-error';

/** Small enough to come out of the pool of Node.js: there is a writer for each connection. */
const INITIAL_BYTES = 1_024;

/** Strings up to this length are copied unit by unit while they are ASCII, which beats a call into the runtime. */
const SHORT_TEXT = 48;

/** Writes numbers, texts and bytes one after another into a buffer that grows. Numbers are little-endian. */
export class ByteWriter {
  private buffer: Buffer;
  private position = 0;
  /** Where what is written now began, and how long it may be. */
  private begin = 0;
  private limit = Number.POSITIVE_INFINITY;

  constructor(capacity = INITIAL_BYTES) {
    this.buffer = Buffer.allocUnsafe(capacity);
  }

  /** How many bytes were written. */
  get length(): number {
    return this.position;
  }

  /** How many more bytes there may be. */
  get room(): number {
    return this.begin + this.limit - this.position;
  }

  /** From here on, what is written may have so many bytes. */
  limitTo(bytes: number): void {
    this.begin = this.position;
    this.limit = bytes;
  }

  /** So many bytes will follow, at least. @throws MoonpoolError PACKET_TOO_LARGE when that is more than there may be */
  expect(bytes: number): void {
    const length = this.position - this.begin + bytes;
    if (length <= this.limit) return;
    throw new MoonpoolError('PACKET_TOO_LARGE', {
      message: `A packet of at least ${length} bytes is too large: the limit is ${this.limit}`,
    });
  }

  uint8(value: number): void {
    this.reserve(1);
    this.buffer[this.position++] = value;
  }

  uint16(value: number): void {
    this.reserve(2);
    const { buffer, position } = this;
    buffer[position] = value;
    buffer[position + 1] = value >>> 8;
    this.position = position + 2;
  }

  uint32(value: number): void {
    this.reserve(4);
    this.setUint32(this.position, value);
    this.position += 4;
  }

  float64(value: number): void {
    this.reserve(8);
    this.position = this.buffer.writeDoubleLE(value, this.position);
  }

  bytes(bytes: Uint8Array): void {
    this.expect(bytes.length);
    this.reserve(bytes.length);
    this.buffer.set(bytes, this.position);
    this.position += bytes.length;
  }

  /** The UTF-8 of the text, without a length. */
  text(text: string): void {
    const { length } = text;
    if (length > SHORT_TEXT || !this.ascii(text)) {
      this.expect(length);
      this.reserve(length * 3);
      this.position += this.buffer.write(text, this.position);
    }
  }

  /** A text with its length in one byte before it. @throws RangeError beyond 255 bytes */
  shortText(text: string): void {
    this.lengthAndText(text, 1, 0xff);
  }

  /** A text with its length in two bytes before it. @throws RangeError beyond 65,535 bytes */
  longText(text: string): void {
    this.lengthAndText(text, 2, 0xffff);
  }

  /** Leaves room for bytes to be filled in later, and returns where they begin. */
  skip(count: number): number {
    this.reserve(count);
    const start = this.position;
    this.position += count;
    return start;
  }

  /** Fills in two bytes that were skipped or written before. */
  setUint16(at: number, value: number): void {
    const { buffer } = this;
    buffer[at] = value;
    buffer[at + 1] = value >>> 8;
  }

  /** Fills in four bytes that were skipped or written before. */
  setUint32(at: number, value: number): void {
    const { buffer } = this;
    buffer[at] = value;
    buffer[at + 1] = value >>> 8;
    buffer[at + 2] = value >>> 16;
    buffer[at + 3] = value >>> 24;
  }

  /** Forgets everything from the position on. */
  truncate(position: number): void {
    this.position = position;
  }

  /** A view of what was written between two positions; good until the next write. */
  view(from = 0, to = this.position): Buffer {
    return this.buffer.subarray(from, to);
  }

  /** The bytes written so far, now the caller's own; the writer starts again in a buffer of the same order of size. */
  take(): Buffer {
    const taken = this.buffer.subarray(0, this.position);
    // A small batch is copied out so that it does not hold the large buffer in memory until the socket has sent it.
    if (taken.length < this.buffer.length >> 2) {
      this.position = 0;
      return Buffer.from(taken);
    }
    this.buffer = Buffer.allocUnsafe(Math.max(INITIAL_BYTES, taken.length));
    this.position = 0;
    return taken;
  }

  private lengthAndText(text: string, lengthBytes: 1 | 2, limit: number): void {
    const start = this.skip(lengthBytes);
    this.text(text);
    const length = this.position - start - lengthBytes;
    if (length > limit) throw new RangeError(`A text of ${length} bytes does not fit; the limit is ${limit}.`);
    this.buffer[start] = length;
    if (lengthBytes === 2) this.buffer[start + 1] = length >>> 8;
  }

  /** Writes the text if it is all ASCII; otherwise writes nothing that counts and returns false. */
  private ascii(text: string): boolean {
    const { length } = text;
    this.reserve(length);
    const { buffer, position } = this;
    for (let index = 0; index < length; index++) {
      const unit = text.charCodeAt(index);
      if (unit > 0x7f) return false;
      buffer[position + index] = unit;
    }
    this.position = position + length;
    return true;
  }

  private reserve(count: number): void {
    const needed = this.position + count;
    if (needed <= this.buffer.length) return;
    const larger = Buffer.allocUnsafe(Math.max(needed, this.buffer.length * 2));
    this.buffer.copy(larger, 0, 0, this.position);
    this.buffer = larger;
  }
}
