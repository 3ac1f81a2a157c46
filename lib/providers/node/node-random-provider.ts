import { randomFillSync } from 'node:crypto';
import type { RandomProvider } from '../random-provider';

const BUFFERED_WORDS = 1_024;

/** Randomness of the operating system, fetched many words at a time. */
export class NodeRandomProvider implements RandomProvider {
  private readonly words = new Uint32Array(BUFFERED_WORDS);
  private next = BUFFERED_WORDS;

  uint32(): number {
    if (this.next === BUFFERED_WORDS) {
      randomFillSync(this.words);
      this.next = 0;
    }
    return this.words[this.next++] as number;
  }

  fraction(): number {
    return this.uint32() / 2 ** 32;
  }

  below(bound: number): number {
    // Words in the last, incomplete run of `bound` are drawn again, so that each result is equally likely.
    const limit = 2 ** 32 - (2 ** 32 % bound);
    let word = this.uint32();
    while (word >= limit) word = this.uint32();
    return word % bound;
  }
}
