import { expect } from 'chai';
import { FailureDetector } from '../../lib/cluster/failure-detector';
import type { Member, MembershipView } from '../../lib/cluster/membership-store';

const member = (name: string, leaseCounter: number, status: Member['status'] = 'active'): Member => ({
  name,
  incarnation: 1,
  address: `${name}:1`,
  status,
  leaseCounter,
  actorTypes: [],
  load: 0,
});
const view = (...members: Member[]): MembershipView => ({ version: 1, members });
const self = { name: 'self', incarnation: 1 };
const names = (members: readonly Member[]) => members.map(({ name }) => name);

describe('The failure detector', () => {
  it('suspects a member whose lease counter stood still for longer than the limit', () => {
    const detector = new FailureDetector(1_000);
    detector.observe(view(member('a', 5)), self, 0, 10);
    expect(names(detector.observe(view(member('a', 5)), self, 1_010, 1_020))).to.deep.equal([]);
    expect(names(detector.observe(view(member('a', 5)), self, 1_011, 1_020))).to.deep.equal(['a']);
  });

  it('measures from the answer that first showed the counter, not from the question', () => {
    const detector = new FailureDetector(1_000);
    detector.observe(view(member('a', 5)), self, 0, 900);
    expect(names(detector.observe(view(member('a', 5)), self, 1_500, 1_600))).to.deep.equal([]);
  });

  it('forgives a member that renewed', () => {
    const detector = new FailureDetector(1_000);
    detector.observe(view(member('a', 5)), self, 0, 0);
    detector.observe(view(member('a', 6)), self, 900, 900);
    expect(names(detector.observe(view(member('a', 6)), self, 1_800, 1_800))).to.deep.equal([]);
  });

  it('draws no conclusion from an old view that arrives late', () => {
    const detector = new FailureDetector(1_000);
    detector.observe(view(member('a', 6)), self, 0, 0);
    expect(names(detector.observe(view(member('a', 5)), self, 2_000, 2_000))).to.deep.equal([]);
  });

  it('says when it will have to suspect somebody, so that nobody waits longer to look', () => {
    const detector = new FailureDetector(1_000);
    expect(detector.nextSuspicionAt).to.equal(Infinity);
    detector.observe(view(member('self', 5), member('a', 5), member('b', 5)), self, 0, 100);
    detector.observe(view(member('self', 6), member('a', 6), member('b', 5)), self, 300, 310);
    expect(detector.nextSuspicionAt).to.equal(1_100);
    detector.observe(view(member('a', 6)), self, 600, 610);
    expect(detector.nextSuspicionAt).to.equal(1_310);
  });

  it('suspects neither this node nor those that are dead already', () => {
    const detector = new FailureDetector(1_000);
    const both = view(member('self', 1), member('gone', 1, 'dead'));
    detector.observe(both, self, 0, 0);
    expect(names(detector.observe(both, self, 5_000, 5_000))).to.deep.equal([]);
  });
});
