import { expect } from 'chai';
import type { Member, MembershipView } from 'moonpool';
import { Candidates } from '../../lib/placement/candidates';

const member: Member = {
  name: 'n1',
  incarnation: 3,
  address: '10.0.0.1:4000',
  status: 'active',
  leaseCounter: 6,
  actorTypes: ['T'],
  load: 7,
};
const terms = { leaseTtlMs: 3_000, protocol: 1, values: 'json', usesTls: false, secrets: [] };

describe('The candidates for an actor', () => {
  let view: MembershipView = { version: 1, members: [] };
  let asked = 0;
  const candidates = new Candidates(
    {
      get view() {
        return view;
      },
      hostsOf: (type) => {
        asked++;
        return view.members.filter(({ actorTypes }) => actorTypes.includes(type));
      },
    },
    9_000,
  );

  it('are read once from each view', () => {
    view = { version: 2, members: [member] };
    asked = 0;
    expect(candidates.of('T')).to.equal(candidates.of('T'));
    expect([asked, candidates.of('T').length, candidates.of('U').length]).to.deep.equal([1, 1, 0]);
    view = { version: 2, members: [{ ...member, load: 8 }] };
    expect(candidates.of('T')[0]?.load).to.equal(8);
  });

  it('have no labels when they joined from a version that knew none, and the age that their renewals tell', () => {
    view = { version: 3, members: [member, { ...member, name: 'n2', labels: { zone: 'eu' }, terms }] };
    expect(candidates.of('T').map(({ name, labels, ageMs }) => [name, labels, ageMs])).to.deep.equal([
      ['n1', {}, 18_000],
      ['n2', { zone: 'eu' }, 6_000],
    ]);
  });
});
