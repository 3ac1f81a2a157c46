/**
 * Spreads the bits of a 32-bit word so that near inputs give unrelated outputs.
 * The constants are those of "lowbias32" by C. Wellons, found by search for the least bias.
 */
export function mix32(word: number): number {
  let mixed = word;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return (mixed ^ (mixed >>> 15)) >>> 0;
}

/** Folds one more word into a hash; the order of the words matters. */
export function foldWord(hash: number, word: number): number {
  return mix32((Math.imul(hash, 31) + word + 0x9e3779b9) | 0);
}

/** A 32-bit hash of a text: FNV-1a over its UTF-16 units, then mixed. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return mix32(hash);
}

/** A seed is a safe integer; its two halves become one word. */
export function seedWord(seed: number): number {
  const high = Math.floor(seed / 0x1_0000_0000);
  return foldWord(mix32(seed >>> 0), high | 0);
}

/**
 * The base raised to a whole power of at least 0, by squaring. Multiplication is exact to the last bit everywhere, while
 * `**` and `Math.pow` are not: versions of Node.js differ in them, and one seed must take one way on all.
 */
export function integerPower(base: number, exponent: number): number {
  let result = 1;
  for (let square = base, left = exponent; left > 0; left = Math.floor(left / 2), square *= square) {
    if (left % 2 === 1) result *= square;
  }
  return result;
}
