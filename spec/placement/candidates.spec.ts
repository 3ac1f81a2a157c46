import { expect } from 'chai';
import { ActorId } from 'moonpool';
import { BestOfTwoPlacement, type Member, type MembershipView, type PlacementCandidate } from 'moonpool/modules';
import { NodeRandomProvider } from '../../lib/providers/node/node-random-provider';
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

  it('have the version of the class that is wanted, or a later one; of a strict class no other', () => {
    const versions = [undefined, { T: 2 }, { T: 3, U: 9 }];
    const members = versions.map((actorVersions, at) => ({
      ...member,
      name: `n${at + 1}`,
      ...(actorVersions === undefined ? {} : { actorVersions }),
    }));
    view = { version: 12, members };
    const named = (number: number, isStrict = false) =>
      candidates.of('T', { number, isStrict }).map(({ name }) => name);
    expect([named(1), named(2), named(3), named(4)]).to.deep.equal([['n1', 'n2', 'n3'], ['n2', 'n3'], ['n3'], []]);
    expect([named(1, true), named(2, true), named(4, true)]).to.deep.equal([['n1'], ['n2'], []]);
    expect(candidates.of('T').length).to.equal(3);
    // No wire name is mistaken for what every object has.
    view = { version: 13, members: [{ ...member, actorTypes: ['constructor'], actorVersions: { T: 2 } }] };
    expect(candidates.of('constructor', { number: 2, isStrict: false })).to.deep.equal([]);
  });

  it('have no labels when they joined from a version that knew none, and the age that their renewals tell', () => {
    view = { version: 3, members: [member, { ...member, name: 'n2', labels: { zone: 'eu' }, terms }] };
    expect(candidates.of('T').map(({ name, labels, ageMs }) => [name, labels, ageMs])).to.deep.equal([
      ['n1', {}, 18_000],
      ['n2', { zone: 'eu' }, 6_000],
    ]);
  });

  it('have the load that they reported and what was placed on them since, until they report again', () => {
    const other = { ...member, name: 'n2', load: 9, actorTypes: ['T', 'U'] };
    view = { version: 4, members: [member, other] };
    const loads = (type: string) => candidates.of(type).map(({ name, load }) => `${name} ${load}`);
    for (const candidate of [0, 1, 1, 1]) candidates.placed(candidates.of('T')[candidate] as PlacementCandidate);
    expect([loads('T'), loads('U')]).to.deep.equal([['n1 8', 'n2 12'], ['n2 12']]);
    view = { version: 5, members: [{ ...member, leaseCounter: 7, load: 20 }, other] };
    expect([loads('T'), loads('U')]).to.deep.equal([['n1 20', 'n2 12'], ['n2 12']]);
    view = { version: 6, members: [member, { ...other, incarnation: 4, load: 0 }] };
    expect(loads('T')).to.deep.equal(['n1 7', 'n2 0']);
  });

  it('of whom the best of two is taken share what comes between two reports evenly', () => {
    view = {
      version: 7,
      members: [
        { ...member, leaseCounter: 9, load: 40 },
        ...['n2', 'n3'].map((name) => ({ ...member, name, leaseCounter: 9, load: 42 })),
      ],
    };
    const random = new NodeRandomProvider();
    const placement = new BestOfTwoPlacement(random);
    const id = ActorId.of('spec', 'T', 'k');
    const counts = new Map<string, number>();
    for (let placed = 0; placed < 300; placed++) {
      const chosen = placement.choose(id, candidates.of('T'));
      candidates.placed(chosen);
      counts.set(chosen.name, (counts.get(chosen.name) ?? 0) + 1);
    }
    for (const count of counts.values()) expect(count).to.be.within(85, 115);
  });
});
