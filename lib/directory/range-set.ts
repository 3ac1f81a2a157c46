import { RANGES } from './ranges';

const BYTES = RANGES / 8;
/** Base64 of so many bytes. */
const TEXT_LENGTH = Math.ceil(BYTES / 3) * 4;

/** Some of the ranges of a directory. As a text it has the same length whether there are all of them in it or none. */
export class RangeSet implements Iterable<number> {
  private readonly bits = Buffer.alloc(BYTES);
  private count = 0;

  constructor(ranges: Iterable<number> = []) {
    for (const range of ranges) this.add(range);
  }

  /** Whether the text is one of a set. */
  static isText(value: unknown): boolean {
    return typeof value === 'string' && value.length === TEXT_LENGTH && Buffer.from(value, 'base64').length === BYTES;
  }

  /** The set whose text this is. */
  static of(text: string): RangeSet {
    const bits = Buffer.from(text, 'base64');
    const set = new RangeSet();
    for (let range = 0; range < RANGES; range++)
      if (((bits[range >> 3] ?? 0) & (1 << (range & 7))) !== 0) set.add(range);
    return set;
  }

  get size(): number {
    return this.count;
  }

  has(range: number): boolean {
    return ((this.bits[range >> 3] ?? 0) & (1 << (range & 7))) !== 0;
  }

  add(range: number): void {
    if (this.has(range)) return;
    const byte = range >> 3;
    this.bits[byte] = (this.bits[byte] ?? 0) | (1 << (range & 7));
    this.count++;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let range = 0; range < RANGES; range++) if (this.has(range)) yield range;
  }

  /** For the wire. */
  toString(): string {
    return this.bits.toString('base64');
  }
}
