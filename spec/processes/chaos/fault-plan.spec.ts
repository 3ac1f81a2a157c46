import { expect } from 'chai';
import { FAULT_KINDS, planFaults, type FaultKind, type PlanOptions } from './fault-plan';

const KINDS = Object.keys(FAULT_KINDS) as readonly FaultKind[];
const NODES = ['node1', 'node2', 'node3'];
const CLIENTS = ['client1'];

function plan(seed: number, other: Partial<PlanOptions> = {}) {
  return planFaults({ seed, forMs: 60_000, kinds: KINDS, nodes: NODES, clients: CLIENTS, leaseMs: 2_000, ...other });
}

describe('The plan of a nemesis', () => {
  it('is the same for the same seed: kinds, order, targets and times; another seed has another', () => {
    expect(plan(7)).to.deep.equal(plan(7));
    expect(plan(8)).to.not.deep.equal(plan(7));
  });

  it('has each kind once before any comes again, and nothing that was not asked for', () => {
    for (let seed = 0; seed < 50; seed++) {
      expect(
        new Set(
          plan(seed)
            .slice(0, KINDS.length)
            .map(({ kind }) => kind),
        ),
      ).to.have.property('size', KINDS.length);
      const some = plan(seed, { kinds: ['kill', 'cut'] });
      expect([...new Set(some.map(({ kind }) => kind))]).to.have.members(['kill', 'cut']);
    }
  });

  it('stops nodes past their lease, cuts no process from itself, and lets faults overlap now and then', () => {
    const faults = Array.from({ length: 50 }, (_, seed) => plan(seed)).flat();
    for (const fault of faults) {
      if (fault.kind === 'stop') expect(fault.forMs).to.be.greaterThan(2_000);
      if (fault.kind !== 'cut' && fault.kind !== 'stall') continue;
      expect(fault.cut.ways).to.not.be.empty;
      for (const { from, to } of fault.cut.ways) expect(from).to.not.equal(to);
    }
    const overlaps = faults.filter((fault, index) => {
      const before = faults[index - 1];
      return (
        before !== undefined && 'forMs' in before && before.atMs < fault.atMs && fault.atMs < before.atMs + before.forMs
      );
    });
    expect(overlaps).to.not.be.empty;
  });

  it('has one fault at least', () => {
    expect(plan(1, { forMs: 0 })).to.have.length(1);
  });
});
