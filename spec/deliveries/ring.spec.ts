import { expect } from 'chai';
import type { Member } from '../../lib/cluster/membership-store';
import { ringPartOf, slotOf, WHOLE_RING } from '../../lib/deliveries/ring';

const member = (name: string, incarnation: number, more: Partial<Member> = {}): Member => ({
  name,
  incarnation,
  address: '',
  status: 'active',
  leaseCounter: 0,
  actorTypes: [],
  load: 0,
  terms: { leaseTtlMs: 1, protocol: 2, newestProtocol: 3, values: '', usesTls: false, secrets: [] },
  ...more,
});

describe('The ring of deliveries', () => {
  it('has for an actor the same slot for ever', () => {
    expect(slotOf('bank/Account/alice')).to.equal(3_239_425_250);
    expect(slotOf('')).to.equal(0);
  });

  it('has similar paths far from each other', () => {
    const counts = new Array<number>(8).fill(0);
    for (let index = 0; index < 8_000; index++) {
      const part = Math.floor(slotOf(`bank/Account/${index}`) / 2 ** 29);
      counts[part] = (counts[part] ?? 0) + 1;
    }
    for (const count of counts) expect(count).to.be.within(850, 1_150);
  });

  it('is divided among the active members without gap and overlap', () => {
    for (const count of [1, 2, 3, 7]) {
      const members = Array.from({ length: count }, (_, index) => member(`n${index}`, index + 1));
      const parts = members.map((one) => ringPartOf(members, one));
      expect(parts[0]?.from).to.equal(WHOLE_RING.from);
      expect(parts.at(-1)?.to).to.equal(WHOLE_RING.to);
      parts.slice(1).forEach((part, index) => expect(part?.from).to.equal(parts[index]?.to));
    }
  });

  it('has no part for a member that leaves, is dead, or is of a version that delivers nothing', () => {
    const leaving = member('a', 1, { status: 'leaving' });
    const dead = member('b', 2, { status: 'dead' });
    const { terms: _unknown, ...old } = member('c', 3);
    const alone = member('d', 4);
    const members = [leaving, dead, old, alone];
    expect(ringPartOf(members, leaving)).to.equal(undefined);
    expect(ringPartOf(members, dead)).to.equal(undefined);
    expect(ringPartOf(members, alone)).to.deep.equal(WHOLE_RING);
    expect(ringPartOf(members, { name: 'd', incarnation: 5 })).to.equal(undefined);
  });
});
