/**
 * A 128-bit endpoint token: two unsigned 64-bit halves, held as four unsigned 32-bit words because that is how they are
 * written and compared; little-endian on the wire, the low word of each half first.
 */
export class Uid {
  constructor(
    readonly firstLow: number,
    readonly firstHigh: number,
    readonly secondLow: number,
    readonly secondHigh: number,
  ) {}

  static of(first: bigint, second: bigint): Uid {
    return new Uid(low(first), high(first), low(second), high(second));
  }

  get first(): bigint {
    return (BigInt(this.firstHigh) << 32n) | BigInt(this.firstLow);
  }

  get second(): bigint {
    return (BigInt(this.secondHigh) << 32n) | BigInt(this.secondLow);
  }

  equals(other: Uid): boolean {
    return (
      this.secondLow === other.secondLow &&
      this.firstLow === other.firstLow &&
      this.secondHigh === other.secondHigh &&
      this.firstHigh === other.firstHigh
    );
  }

  /** 32 hexadecimal digits, first half first. */
  toString(): string {
    return hex(this.firstHigh) + hex(this.firstLow) + hex(this.secondHigh) + hex(this.secondLow);
  }
}

const low = (half: bigint) => Number(half & 0xffff_ffffn);
const high = (half: bigint) => Number((half >> 32n) & 0xffff_ffffn);
const hex = (word: number) => word.toString(16).padStart(8, '0');
