import { expect } from 'chai';
import type { Member, MembershipView } from '../../lib/cluster/membership-store';
import { RangeOwners, rangeOf, RANGES } from '../../lib/directory/ranges';

const member = (index: number, status: Member['status'] = 'active'): Member => ({
  name: `node-${index}`,
  incarnation: index,
  address: `node-${index}:1`,
  status,
  leaseCounter: 0,
  actorTypes: [],
  load: 0,
});

const viewOf = (...members: Member[]): MembershipView => ({ version: 1, members });
const ranges = Array.from({ length: RANGES }, (_, range) => range);
const ownersIn = (view: MembershipView): readonly (string | undefined)[] => {
  const owners = new RangeOwners(view);
  return ranges.map((range) => owners.ownerOf(range)?.name);
};

describe('The ranges of a directory', () => {
  it('hold about as many actors each, and an actor is in the same one everywhere', () => {
    const counts = new Map<number, number>();
    for (let index = 0; index < 100_000; index++) {
      const range = rangeOf(`shop/Cart/${index}`);
      counts.set(range, (counts.get(range) ?? 0) + 1);
    }
    expect(counts.size).to.equal(RANGES);
    expect(Math.max(...counts.values())).to.be.lessThan(200);
    // What other processes and releases have to find, too.
    expect([rangeOf('shop/Cart/1'), rangeOf('shop/Cart/2')]).to.deep.equal([617, 693]);
  });

  it('are divided about evenly, and alike whatever the incarnations are', () => {
    const owners = ownersIn(viewOf(...Array.from({ length: 5 }, (_, index) => member(index))));
    for (let index = 0; index < 5; index++) {
      const count = owners.filter((owner) => owner === `node-${index}`).length;
      expect(count).to.be.within(160, 250);
    }
    const again = ownersIn(viewOf(...Array.from({ length: 5 }, (_, index) => ({ ...member(index), incarnation: 99 }))));
    expect(again).to.deep.equal(owners);
  });

  it('change their owner with a node that comes or goes, and no others do', () => {
    const all = [member(1), member(2), member(3), member(4)];
    const before = ownersIn(viewOf(...all));
    for (const status of ['dead', 'leaving'] as const) {
      const after = ownersIn(viewOf(...all.slice(0, 3), member(4, status)));
      for (const range of ranges)
        if (before[range] === 'node-4') expect(after[range]).not.to.equal('node-4');
        else expect(after[range]).to.equal(before[range]);
    }
    const without = new RangeOwners(viewOf(...all), member(4));
    expect(ranges.map((range) => without.ownerOf(range)?.name)).to.deep.equal(ownersIn(viewOf(...all.slice(0, 3))));
  });

  it('belong to those that leave while nobody else is there, and to nobody in an empty cluster', () => {
    expect(new Set(ownersIn(viewOf(member(1, 'leaving'), member(2, 'dead'))))).to.deep.equal(new Set(['node-1']));
    expect(new Set(ownersIn(viewOf(member(2, 'dead'))))).to.deep.equal(new Set([undefined]));
  });
});
