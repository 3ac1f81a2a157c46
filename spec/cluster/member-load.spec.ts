import { expect } from 'chai';
import { MemberLoad } from '../../lib/cluster/member-load';

describe('The load of a node', () => {
  const after = (activations: number, ...latenessMs: readonly number[]): number => {
    const load = new MemberLoad(() => activations);
    for (const each of latenessMs) load.note(each);
    return load.value;
  };
  const times = (count: number, latenessMs: number): readonly number[] =>
    Array.from({ length: count }, () => latenessMs);

  it('is the number of its activations while its timers are as late as timers are', () => {
    expect([after(0), after(100), after(100, ...times(50, 15))]).to.deep.equal([0, 100, 100]);
  });

  it('is twice that with timers that are always 120 ms late, and more with later ones, up to a second', () => {
    expect(after(99, ...times(50, 120))).to.equal(199);
    expect(after(99, ...times(50, 1_000))).to.equal(1_079);
    expect(after(99, ...times(50, 60_000))).to.equal(1_079);
  });

  it('grows and shrinks over some renewals', () => {
    expect(after(99, 220, 220)).to.be.within(120, 140);
    expect(after(99, ...times(50, 220), ...times(20, 0))).to.equal(99);
  });

  it('is not that of a slow node after one long pause, or one now and then', () => {
    expect(after(100, 0, 30_000)).to.equal(100);
    expect(after(100, 0, 30_000, 0)).to.equal(100);
    expect(after(100, 500, 0, 500, 0, 500)).to.equal(100);
  });

  it('is there without any activation too, so that a slow node is not the first choice of all', () => {
    expect(after(0, ...times(50, 220))).to.be.greaterThan(0);
  });
});
