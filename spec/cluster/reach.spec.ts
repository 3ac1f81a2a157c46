import { expect } from 'chai';
import type { Member } from '../../lib/cluster/membership-store';
import { Reach } from '../../lib/cluster/reach';
import { formatReach, parseReach } from '../../lib/cluster/reach-report';
import type { TimeProvider } from '../../lib/providers/time-provider';

const memberOf = (incarnation: number, status: Member['status'] = 'active'): Member => ({
  ...{ name: `n${incarnation}`, incarnation, address: 'a:1', actorTypes: [], status },
  ...{ leaseCounter: 0, load: 0 },
});

describe('Whom a node reaches', () => {
  const [self, second, third] = [memberOf(1), memberOf(2), memberOf(3)];
  let now: number;
  let reach: Reach;
  const time: Partial<TimeProvider> = { now: () => now };

  beforeEach(() => {
    now = 1_000;
    reach = new Reach(time as TimeProvider, 1_000);
    reach.follow([self, second, third, memberOf(4, 'dead')], self);
  });

  it('is doubted after half of the time without an answer, and out of reach after all of it', () => {
    now += 600;
    reach.answers(third);
    expect(reach.report).to.deep.equal({ unreached: [], doubted: [2] });
    now += 500;
    expect(reach.report).to.deep.equal({ unreached: [2], doubted: [2] });
    reach.answers(second);
    expect(reach.report).to.deep.equal({ unreached: [], doubted: [] });
  });

  it('counts from when a member was first seen, forgets those who are gone, and takes no other life for it', () => {
    now += 1_100;
    reach.follow([self, third, memberOf(5)], self);
    expect(reach.report).to.deep.equal({ unreached: [3], doubted: [3] });
    reach.answers({ name: 'n3', incarnation: 2 });
    expect(reach.report.unreached).to.deep.equal([3]);
  });

  it('is not told against anybody for the time in which this process stood still', () => {
    now += 5_000;
    reach.excuse(4_900);
    expect(reach.report).to.deep.equal({ unreached: [], doubted: [] });
  });

  it('is not asked for at all when nobody is to give up', () => {
    const careless = new Reach(time as TimeProvider, 0);
    careless.follow([second], self);
    now += 9_999_999;
    expect(careless.report).to.deep.equal({ unreached: [], doubted: [] });
  });

  it('is kept as a text, of which what something else has put there counts against nobody', () => {
    const report = { unreached: [3], doubted: [3, 12] };
    expect(parseReach(formatReach(report))).to.deep.equal(report);
    for (const text of ['', ';', 'x', '-1;0', 'NaN,1.5;x'])
      expect(parseReach(text), text).to.deep.equal({ unreached: [], doubted: [] });
  });
});
