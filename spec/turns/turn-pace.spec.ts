import { expect } from 'chai';
import { TurnPace } from '../../lib/turns/turn-pace';

describe('The pace of turns', () => {
  let pace: TurnPace;
  let now: number;
  beforeEach(() => {
    pace = new TurnPace();
    now = 0;
  });

  /** So many turns behind which others wait, each of which takes so long. */
  function turns(count: number, tookMs: number): void {
    for (let turn = 0; turn < count; turn++) pace.onTurn(1, (now += tookMs));
  }

  it('is that of turns behind which others wait: pauses do not count', () => {
    for (let round = 0; round < 10; round++) {
      pace.onTurn(1, (now += 5_000));
      pace.onTurn(0, (now += 20));
    }
    expect(pace.waitMs(10)).to.equal(200);
  });

  it('is not known by one turn that took long, nor are few that wait foretold anything', () => {
    turns(2, 1_800);
    expect(pace.waitMs(10)).to.equal(0);
    turns(4, 3);
    expect([pace.waitMs(100), pace.waitMs(2)]).to.deep.equal([300, 0]);
  });

  it('follows turns that become longer or shorter, and is little moved by one that took long', () => {
    turns(10, 1);
    turns(1, 3_000);
    expect(pace.waitMs(1_000)).to.be.lessThan(1_500);
    turns(60, 10);
    expect(pace.waitMs(1_000)).to.be.closeTo(10_000, 300);
    turns(60, 1);
    expect(pace.waitMs(1_000)).to.be.closeTo(1_000, 100);
  });
});
