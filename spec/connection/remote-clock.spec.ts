import { expect } from 'chai';
import fc from 'fast-check';
import { RemoteClock } from '../../lib/connection/remote-clock';

describe('The clock of the other side', () => {
  it('is taken to have begun with the connection until it is told', () => {
    const clock = new RemoteClock(1_000);
    expect(clock.own(1_250)).to.equal(250);
    expect(clock.momentOf(250)).to.equal(1_250);
  });

  it('is never behind: a deadline is not later here than there, however long questions and answers take', () => {
    const way = fc.nat(5_000);
    const exchanges = fc.array(fc.record({ there: way, back: way, pause: fc.nat(20_000) }), { minLength: 1 });
    fc.assert(
      fc.property(fc.nat(), fc.nat(10_000), exchanges, fc.nat(100_000), (here, began, ways, left) => {
        // Their clock begins so much after this one; both sides see one time, of which neither knows.
        const clock = new RemoteClock(here);
        let now = here;
        for (const { there, back, pause } of ways) {
          const askedAt = now + pause;
          const readAt = Math.max(askedAt + there, here + began);
          now = readAt + back;
          clock.told(clock.own(askedAt), readAt - (here + began), now);
        }
        const deadline = now + left;
        expect(clock.momentOf(deadline - (here + began))).to.be.at.most(deadline);
      }),
    );
  });

  it('is known as well as the quickest answer of late tells, and drift is forgotten', () => {
    const clock = new RemoteClock(0);
    clock.told(clock.own(0), 900, 1_000);
    expect(clock.momentOf(900)).to.equal(0);
    clock.told(clock.own(2_000), 2_010, 2_020);
    expect(clock.momentOf(2_010)).to.equal(2_000);
    clock.told(clock.own(3_000), 3_500, 4_000);
    expect(clock.momentOf(2_010)).to.equal(2_000);
    clock.told(clock.own(40_000), 40_100, 40_110);
    expect(clock.momentOf(40_100)).to.equal(40_000);
  });

  it('that was told unasked was read since the connection was made', () => {
    const clock = new RemoteClock(500);
    clock.told(-1, 30, 800);
    expect(clock.momentOf(30)).to.equal(500);
  });
});
