import { foldWord, hashText } from '../random/mixing';

/** A 64-bit hash of everything that happened, in order: two runs with equal hashes took the same way. */
export class RunningHash {
  private first = 0x243f6a88;
  private second = 0x85a308d3;
  private readonly double = new Float64Array(1);
  private readonly halves = new Uint32Array(this.double.buffer);

  addWord(word: number): void {
    this.first = foldWord(this.first, word);
    this.second = (Math.imul(this.second ^ word, 0x01000193) + this.first) | 0;
  }

  addNumber(value: number): void {
    this.double[0] = value;
    this.addWord(this.halves[0] as number);
    this.addWord(this.halves[1] as number);
  }

  addText(text: string): void {
    this.addWord(hashText(text));
  }

  /** 16 hexadecimal digits. */
  toString(): string {
    return hex(this.first) + hex(this.second);
  }
}

const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
