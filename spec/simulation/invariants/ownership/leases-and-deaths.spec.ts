import { expect } from 'chai';
import { LeasesAndDeaths } from '../../../../lib/simulation/invariants/ownership/leases-and-deaths';
import { verdictOf, type Line } from '../history-fixture';

const TTL_MS = 10;
const renewed: Line = ['lease-renewed', { node: 'node1#4', askedMsAgo: 0 }];
/** Events are a millisecond apart. */
const pass = (count: number): readonly Line[] =>
  Array.from({ length: count }, () => ['turn-start', {}, 'client1'] as const);
const judge = (holds: boolean, ...lines: readonly Line[]) => verdictOf(new LeasesAndDeaths(() => holds, TTL_MS), lines);

describe('Leases and deaths', () => {
  it('agree when a node dies that has no lease, and when one serves and gives up in time', () => {
    expect(judge(false, renewed, ['member-dead', { node: 'node1#4' }, 'node2'])).to.equal(undefined);
    expect(judge(true, renewed, ...pass(6), ['turn-start', {}], renewed, ...pass(6), ['turn-start', {}])).to.equal(
      undefined,
    );
    expect(judge(true, renewed, ...pass(8), ['lease-lost', { node: 'node1#4', ranOut: true }])).to.equal(undefined);
  });

  it('do not agree when somebody takes a node for dead that holds its lease', () => {
    expect(judge(true, renewed, ['member-dead', { node: 'node1#4' }, 'node2'])).to.contain(
      'node2 takes node1#4 for dead, which holds its lease',
    );
  });

  it('do not agree when a turn begins after the last renewal has run out, reckoned from when it was asked for', () => {
    expect(judge(true, renewed, ...pass(8), ['turn-start', {}])).to.contain('after the end of the lease');
    const late: Line = ['lease-renewed', { node: 'node1#4', askedMsAgo: 5 }];
    expect(judge(true, late, ...pass(4), ['turn-start', {}])).to.contain('after the end of the lease');
  });

  it('do not agree when a write begins after the end of the lease', () => {
    expect(judge(true, renewed, ...pass(6), ['persist', {}])).to.equal(undefined);
    expect(judge(true, renewed, ...pass(8), ['persist', {}])).to.contain('a write of');
  });

  it('do not agree when others are answered by a turn that ended after the lease, unless there is a new one', () => {
    const turn: Line = ['turn-end', { call: 'c1' }];
    const answered: Line = ['call-end', { call: 'c1', outcome: 'ok' }, 'client1'];
    expect(judge(true, renewed, ...pass(8), turn, answered)).to.contain('that ended after its lease');
    expect(judge(true, renewed, ...pass(6), turn, ...pass(3), answered)).to.equal(undefined);
    expect(judge(true, renewed, ...pass(8), turn, renewed, answered)).to.equal(undefined);
    expect(judge(true, renewed, ...pass(8), turn, ['call-end', { call: 'c1', outcome: 'error' }, 'client1'])).to.equal(
      undefined,
    );
    expect(judge(true, renewed, ...pass(8), turn, ['call-end', { call: 'c1', outcome: 'ok' }])).to.equal(undefined);
  });

  it('do not agree when a node gives its lease up early, unless it was told to', () => {
    expect(judge(true, renewed, ['lease-lost', { node: 'node1#4', ranOut: true }])).to.contain('before its end');
    expect(judge(true, renewed, ['lease-lost', { node: 'node1#4', ranOut: false }])).to.equal(undefined);
  });

  it('promise nothing while a clock runs faster or slower than clocks may, nor of a life that has ended', () => {
    expect(judge(true, renewed, ['clock-rate', {}], ['member-dead', { node: 'node1#4' }, 'node2'])).to.equal(undefined);
    expect(judge(true, renewed, ['death', {}], ['member-dead', { node: 'node1#4' }, 'node2'])).to.equal(undefined);
  });
});
