import { expect } from 'chai';
import {
  PARTITION_SHAPES,
  waysOfPartition,
  type PartitionShape,
} from '../../../../lib/simulation/network/partitions/partition-shape';
import { KeyedRolls } from '../../../../lib/simulation/random/keyed-rolls';

const MACHINES = { nodes: ['n1', 'n2', 'n3'], clients: ['c'], store: 's' };

/** The ways that a shape blocks about n1, as `from>to`, sorted. */
function blocked(shape: PartitionShape, seed = 1): readonly string[] {
  return waysOfPartition(shape, 'n1', MACHINES, new KeyedRolls(seed).sequence('spec'))
    .map(({ from, to }) => `${from}>${to}`)
    .sort();
}

describe('A partition', () => {
  it('that isolates a node blocks all its ways, out and in', () => {
    expect(blocked('isolate')).to.deep.equal(['c>n1', 'n1>c', 'n1>n2', 'n1>n3', 'n1>s', 'n2>n1', 'n3>n1', 's>n1']);
  });

  it('in halves blocks all ways between two groups that the seed decides, and none within them', () => {
    const groupings = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      const ways = blocked('halves', seed);
      groupings.add(ways.join(' '));
      const far = new Set(ways.filter((way) => way.startsWith('n1>')).map((way) => way.slice(3)));
      const near = ['n1', 'n2', 'n3', 'c', 's'].filter((machine) => !far.has(machine));
      const expected = near.flatMap((a) => [...far].flatMap((b) => [`${a}>${b}`, `${b}>${a}`])).sort();
      expect(ways, `seed ${seed}`).to.deep.equal(expected);
    }
    expect(groupings.size).to.be.greaterThan(5);
  });

  it('of one way blocks one direction between two machines', () => {
    for (let seed = 1; seed <= 10; seed++) expect(blocked('one-way', seed)).to.have.length(1);
  });

  it('that leaves a node sending only blocks what comes to it, and one that leaves it receiving only what it sends', () => {
    expect(blocked('sender-only')).to.deep.equal(['c>n1', 'n2>n1', 'n3>n1', 's>n1']);
    expect(blocked('receiver-only')).to.deep.equal(['n1>c', 'n1>n2', 'n1>n3', 'n1>s']);
  });

  it('from the store blocks nothing else', () => {
    expect(blocked('store-only')).to.deep.equal(['n1>s', 's>n1']);
  });

  it('with a bridge keeps nodes from each other that all reach the store and the clients', () => {
    expect(blocked('bridge')).to.deep.equal(['n1>n2', 'n1>n3', 'n2>n1', 'n3>n1']);
  });

  it('blocks something, whatever its shape', () => {
    for (const shape of PARTITION_SHAPES) {
      const some = Array.from({ length: 5 }, (_, seed) => blocked(shape, seed).length);
      expect(Math.max(...some), shape).to.be.greaterThan(0);
    }
  });
});
