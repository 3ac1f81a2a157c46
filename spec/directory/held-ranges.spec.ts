import { expect } from 'chai';
import type { Member } from '../../lib/cluster/membership-store';
import { HeldRanges } from '../../lib/directory/held-ranges';
import { RangeOwners, RANGES } from '../../lib/directory/ranges';

const member = (name: string, status: Member['status'] = 'active'): Member => ({
  name,
  incarnation: 1,
  address: `${name}:1`,
  status,
  leaseCounter: 0,
  actorTypes: [],
  load: 0,
});
const self = { name: 'a', incarnation: 1 };
const alone = new RangeOwners({ version: 1, members: [member('a')] });
const both = new RangeOwners({ version: 2, members: [member('a'), member('b')] });
const there = { actor: 'shop/Cart/1', activation: 'x', node: self, address: 'a:1' };
const lostRange = Array.from({ length: RANGES }, (_, range) => range).find((range) => !both.isOwner(self, range)) ?? 0;

describe('The ranges that a node holds', () => {
  let ranges: HeldRanges;

  beforeEach(() => {
    ranges = new HeldRanges();
    expect(ranges.adopt(alone, self).gained).to.have.length(RANGES);
    ranges.hold(lostRange, [there]);
  });

  it('are missing until it is known what is in them', () => {
    expect([ranges.owned, ranges.held, ranges.size]).to.deep.equal([RANGES, 1, 1]);
    expect(ranges.of(lostRange)?.lookup('shop/Cart/1')).to.equal(there);
    expect(ranges.isMissing(lostRange)).to.equal(false);
    const other = (lostRange + 1) % RANGES;
    expect([ranges.of(other), ranges.isMissing(other)]).to.deep.equal([undefined, true]);
  });

  it('are answered for no more as soon as another node owns them', () => {
    const { lost, gained } = ranges.adopt(both, self);
    expect([lost, gained]).to.deep.equal([[lostRange], []]);
    expect([ranges.of(lostRange), ranges.isMissing(lostRange)]).to.deep.equal([undefined, false]);
    expect([...ranges.all()]).to.deep.equal([]);
  });

  it('are what they were when nobody has asked for them until they come back', () => {
    ranges.adopt(both, self);
    const { resumed, gained } = ranges.adopt(alone, self);
    expect(resumed).to.deep.equal([lostRange]);
    expect(gained).not.to.include(lostRange);
    expect(ranges.of(lostRange)?.lookup('shop/Cart/1')).to.equal(there);
  });

  it('are missing when they come back after they were handed over', () => {
    ranges.adopt(both, self);
    const before = ranges.tenureOf(lostRange);
    expect([...(ranges.giveUp(lostRange)?.all ?? [])]).to.deep.equal([there]);
    expect(ranges.giveUp(lostRange)).to.equal(undefined);
    const { resumed, gained } = ranges.adopt(alone, self);
    expect(resumed).to.deep.equal([]);
    expect(gained).to.include(lostRange);
    expect(ranges.isMissing(lostRange)).to.equal(true);
    // What was asked for while it was another one's means nothing now.
    expect(ranges.tenureOf(lostRange)).to.be.greaterThan(before);
  });
});
