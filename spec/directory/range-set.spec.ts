import { expect } from 'chai';
import { RangeSet } from '../../lib/directory/range-set';
import { RANGES } from '../../lib/directory/ranges';

describe('A set of ranges', () => {
  it('has what was added to it, once, and in order', () => {
    const set = new RangeSet([700, 3, 3]);
    set.add(1_023);
    set.add(700);
    expect([...set]).to.deep.equal([3, 700, 1_023]);
    expect(set.size).to.equal(3);
    expect([set.has(3), set.has(4), set.has(1_023)]).to.deep.equal([true, false, true]);
  });

  it('is the same after it has travelled, and travels as 172 characters, empty or full', () => {
    for (const ranges of [[], [0], [0, 7, 8, 511, 1_023], Array.from({ length: RANGES }, (_, range) => range)]) {
      const text = new RangeSet(ranges).toString();
      expect(text).to.have.length(172);
      expect(RangeSet.isText(text)).to.equal(true);
      const arrived = RangeSet.of(text);
      expect([...arrived]).to.deep.equal(ranges);
      expect(arrived.size).to.equal(ranges.length);
    }
  });

  it('is made from no other text', () => {
    const text = new RangeSet([1]).toString();
    for (const other of [undefined, 7, '', text.slice(1), `${text}A`, '#'.repeat(172)])
      expect(RangeSet.isText(other)).to.equal(false);
  });
});
