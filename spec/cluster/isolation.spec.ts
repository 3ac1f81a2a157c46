import { expect } from 'chai';
import { majorityWithout } from '../../lib/cluster/isolation';
import type { Member } from '../../lib/cluster/membership-store';

/** Members by their numbers, each with whom it does not reach, and whom it doubts besides. */
function membersOf(...lists: readonly (readonly [unreached: readonly number[], doubted?: readonly number[]])[]) {
  return lists.map(([unreached, doubted = []], index): Member => {
    const described = { name: `n${index + 1}`, incarnation: index + 1, address: `10.0.0.${index + 1}:1` };
    const reach = { unreached, doubted: [...unreached, ...doubted] };
    return { ...described, actorTypes: [], status: 'active', leaseCounter: 1, load: 0, reach };
  });
}

const isFresh = (): boolean => true;

function groupAgainst(incarnation: number, members: readonly Member[], fresh = isFresh as (m: Member) => boolean) {
  const node = { name: `n${incarnation}`, incarnation };
  return majorityWithout(node, members, fresh)?.map((member) => member.incarnation);
}

describe('A node is isolated', () => {
  it('when more than half of the members do not reach it, and all reach each other', () => {
    const members = membersOf([[2, 3]], [[1]], [[1]]);
    expect(groupAgainst(1, members)).to.deep.equal([2, 3]);
    expect(groupAgainst(2, members)).to.equal(undefined);
    expect(groupAgainst(3, members)).to.equal(undefined);
  });

  it('and not by half of them, nor by one of two', () => {
    const halves = membersOf([[3, 4]], [[3, 4]], [[1, 2]], [[1, 2]]);
    for (const number of [1, 2, 3, 4]) expect(groupAgainst(number, halves)).to.equal(undefined);
    const pair = membersOf([[2]], [[1]]);
    for (const number of [1, 2]) expect(groupAgainst(number, pair)).to.equal(undefined);
  });

  it('and not by those who do not reach each other, or may soon not: then nobody knows who is right', () => {
    const apart = membersOf([[2, 3]], [[1, 3]], [[1, 2]]);
    for (const number of [1, 2, 3]) expect(groupAgainst(number, apart)).to.equal(undefined);
    expect(groupAgainst(1, membersOf([[]], [[1], [3]], [[1]]))).to.equal(undefined);
  });

  it('by those who agree, when one of those who do not reach it reaches no other either', () => {
    const members = membersOf([[]], [[1, 3, 4, 5]], [[1]], [[1]], [[1]]);
    expect(groupAgainst(1, members)).to.deep.equal([3, 4, 5]);
    expect(groupAgainst(2, members)).to.equal(undefined);
  });

  it('and not by what members have reported long ago, nor by those who report nothing', () => {
    const members = membersOf([[]], [[1]], [[1]]);
    expect(groupAgainst(1, members, ({ incarnation }) => incarnation !== 3)).to.equal(undefined);
    const silent = members.map(({ reach: _reach, ...member }) => member);
    expect(groupAgainst(1, silent)).to.equal(undefined);
  });
});
