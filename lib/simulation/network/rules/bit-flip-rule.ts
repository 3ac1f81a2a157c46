import type { NetworkRule, Transfer, TransferStage, TransferVerdict } from '../transfers/transfer';

const MOST_BITS = 32;

/** Garbles a delivery now and then: 1 to 32 bits of it are flipped, few more likely than many. */
export class BitFlipRule implements NetworkRule {
  readonly name = 'bit-flip';
  readonly stages: readonly TransferStage[] = ['arrival'];

  /** @param probability for each delivery. */
  constructor(private readonly probability: number) {}

  judge({ kind, bytes, link }: Transfer): TransferVerdict | undefined {
    if (kind !== 'data' || link.isStable) return undefined;
    const rolls = link.rolls(this.name);
    if (!rolls.strikes(this.probability)) return undefined;
    const manner = rolls.manner();
    const share = manner.fraction();
    const count = 1 + Math.floor(share * share * share * MOST_BITS);
    const bits = new Set<number>();
    for (let flip = 0; flip < count; flip++) bits.add(manner.below(bytes * 8));
    rolls.tells({ bits: bits.size, of: bytes });
    return { kind: 'corrupt', bits: [...bits] };
  }
}

/** A copy of the bytes in which these bits, counted from the lowest of the first byte, are flipped. */
export function flipBits(bytes: Uint8Array, bits: readonly number[]): Uint8Array {
  const flipped = Buffer.from(bytes);
  for (const bit of bits) {
    const at = bit >> 3;
    flipped[at] = (flipped[at] ?? 0) ^ (1 << (bit & 7));
  }
  return flipped;
}
