import type { RandomProvider } from '../../providers/random-provider';
import { mix32 } from './mixing';

/**
 * A fast stream of random words that a seed decides: xoshiro128** by D. Blackman and S. Vigna, its state filled by
 * splitmix32. It counts its draws, so that a run can be replayed up to one of them.
 */
export class Xoshiro128 implements RandomProvider {
  /** How many words were drawn. */
  draws = 0;
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  /**
   * @param seed any 32-bit word.
   * @param salted its salt is mixed into every word that is drawn, so that the stream can be made another in its middle.
   */
  constructor(
    seed: number,
    private readonly salted: { readonly salt: number } = { salt: 0 },
  ) {
    const words = [1, 2, 3, 4].map((step) => mix32((seed + Math.imul(step, 0x9e3779b9)) | 0));
    // The state of all zeros is the one that the generator never leaves.
    [this.a, this.b, this.c, this.d] = words.some((word) => word !== 0)
      ? (words as [number, number, number, number])
      : [1, 2, 3, 4];
  }

  uint32(): number {
    this.draws++;
    const scaled = Math.imul(this.b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return (result ^ this.salted.salt) >>> 0;
  }

  fraction(): number {
    // 53 bits, so that every double of that grid can come.
    return ((this.uint32() >>> 5) * 0x400_0000 + (this.uint32() >>> 6)) / 0x20_0000_0000_0000;
  }

  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }
}
