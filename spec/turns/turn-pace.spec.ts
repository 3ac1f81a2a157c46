import { expect } from 'chai';
import { TurnPace } from '../../lib/turns/turn-pace';

describe('The pace of turns', () => {
  it('is that of turns behind which others wait: pauses do not count', () => {
    const pace = new TurnPace();
    pace.onTurn(0, 0);
    pace.onTurn(3, 5_000);
    expect(pace.intervalMs).to.equal(0);
    pace.onTurn(2, 5_020);
    expect(pace.intervalMs).to.equal(20);
    pace.onTurn(0, 5_040);
    pace.onTurn(1, 9_000);
    expect(pace.intervalMs).to.equal(20);
  });

  it('follows turns that become longer, and forgets a long one soon', () => {
    const pace = new TurnPace();
    let now = 0;
    const turns = (count: number, tookMs: number): void => {
      for (let turn = 0; turn < count; turn++) pace.onTurn(1, (now += tookMs));
    };
    turns(5, 1);
    turns(50, 10);
    expect(pace.intervalMs).to.be.closeTo(10, 0.2);
    turns(1, 3_000);
    turns(50, 1);
    expect(pace.intervalMs).to.be.lessThan(5);
  });
});
