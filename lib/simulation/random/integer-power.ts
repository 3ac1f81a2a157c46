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
