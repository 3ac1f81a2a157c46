import { expect } from 'chai';
import { Xoshiro128 } from '../../../lib/simulation/random/xoshiro128';

/** The reference algorithm, word by word as its authors published it, on arbitrary-precision integers. */
function reference(state: bigint[], count: number): number[] {
  const mask = 0xffff_ffffn;
  const rotate = (word: bigint, by: bigint) => ((word << by) | (word >> (32n - by))) & mask;
  const drawn: number[] = [];
  const s = [...state] as [bigint, bigint, bigint, bigint];
  for (let index = 0; index < count; index++) {
    drawn.push(Number((rotate((s[1] * 5n) & mask, 7n) * 9n) & mask));
    const shifted = (s[1] << 9n) & mask;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 11n);
  }
  return drawn;
}

describe('Xoshiro128**', () => {
  it('draws what the reference algorithm draws from the same state', () => {
    const stream = new Xoshiro128(42);
    const { a, b, c, d } = stream as unknown as Record<'a' | 'b' | 'c' | 'd', number>;
    const state = [a, b, c, d].map((word) => BigInt(word >>> 0));
    expect(Array.from({ length: 200 }, () => stream.uint32())).to.deep.equal(reference(state, 200));
  });

  it('counts its draws', () => {
    const stream = new Xoshiro128(1);
    stream.uint32();
    stream.fraction();
    expect(stream.draws).to.equal(3);
  });

  it('keeps its promises about ranges', () => {
    const stream = new Xoshiro128(3);
    const seen = new Set<number>();
    for (let draw = 0; draw < 1_000; draw++) {
      const fraction = stream.fraction();
      expect(fraction).to.be.at.least(0).and.below(1);
      seen.add(stream.below(3));
    }
    expect([...seen].sort()).to.deep.equal([0, 1, 2]);
    expect(stream.below(1)).to.equal(0);
  });
});
