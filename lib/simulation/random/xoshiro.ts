import type { RandomProvider } from '../../providers/random-provider';
import { mix32 } from './splitmix';

/**
 * Xoshiro128**: a stream of random numbers from a seed. D. Blackman and S. Vigna, "Scrambled Linear Pseudorandom Number
 * Generators", 2018. It counts its draws, so that a run can be followed up to one of them.
 */
export class Xoshiro implements RandomProvider {
  draws = 0;
  private a: number;
  private b: number;
  private c: number;
  private d: number;

  constructor(seed: number) {
    this.a = mix32(seed + 0x9e37_79b9);
    this.b = mix32(seed + 0x3c6e_f372);
    this.c = mix32(seed + 0xdaa6_6d2b);
    this.d = mix32(seed + 0x78dd_e6e4) | 1;
  }

  uint32(): number {
    this.draws++;
    const product = Math.imul(this.b, 5);
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0;
    const shifted = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= shifted;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  fraction(): number {
    return this.uint32() / 2 ** 32;
  }

  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }
}
