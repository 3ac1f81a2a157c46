import { expect } from 'chai';
import { runSimulation } from 'moonpool/simulation';
import { PendingCalls } from '../../../../lib/calls/pending-calls';
import { Correlation } from '../../../../lib/simulation/invariants/calls/correlation';
import { Deadlines } from '../../../../lib/simulation/invariants/calls/deadlines';
import { OrderOfAPair } from '../../../../lib/simulation/invariants/calls/order-of-a-pair';
import { TimersKeepToTheirActivation } from '../../../../lib/simulation/invariants/activations/timers-keep-to-their-activation';
import { unlisted } from '../../../scenarios/unlisted';
import { verdictOf, type Line } from '../history-fixture';

const { FirstCallsSimulation } = unlisted(
  () => require('../../../scenarios/turns-simulation') as typeof import('../../../scenarios/turns-simulation'),
);

describe('Deadlines', () => {
  const begins = (remainingMs: number | undefined): Line => [
    'turn-start',
    { activation: 'a', call: 'n1#1:1', remainingMs },
  ];
  const calls = (remainingMs: number, parentRemainingMs?: number): Line => [
    'call',
    { call: 'n1#1:2', remainingMs, parentRemainingMs },
  ];

  it('hold when turns begin in time, and when calls may take no longer than those who wait for them', () => {
    expect(verdictOf(new Deadlines(), [begins(1), begins(undefined), calls(10), calls(10, 10), calls(9, 10)])).to.equal(
      undefined,
    );
  });

  it('are broken by a turn that begins at its deadline or after it', () => {
    expect(verdictOf(new Deadlines(), [begins(0)])).to.contain('a turn began for the call n1#1:1');
    expect(verdictOf(new Deadlines(), [begins(-3)])).to.contain('3 ms after its deadline');
  });

  it('are broken by a call that may take longer than the turn that waits for it', () => {
    expect(verdictOf(new Deadlines(), [calls(11, 10)])).to.contain('may take 11 ms');
  });
});

describe('Timers keep to their activation', () => {
  const activate: Line = ['activate', { activation: 'a' }];
  const deactivate: Line = ['deactivate', { activation: 'a' }];
  const tick = (timer = 'timer 1 tick'): Line => ['turn-start', { activation: 'a', turn: 1, timer }];
  const ticked = (timer = 'timer 1 tick'): Line => ['turn-end', { activation: 'a', turn: 1, timer }];
  const wrong = (...lines: Line[]) => verdictOf(new TimersKeepToTheirActivation(), lines);

  it('holds when ticks of a timer follow each other, and those of two overlap', () => {
    expect(
      wrong(activate, tick(), ticked(), tick(), tick('timer 2 tick'), ticked('timer 2 tick'), ticked(), deactivate),
    ).to.equal(undefined);
  });

  it('is broken by a tick that begins while another one of its timer is not over', () => {
    expect(wrong(activate, tick(), tick())).to.contain('while a tick of it was not over');
  });

  it('is broken by a tick before the activation is active, after it has ended, and after its node has died', () => {
    expect(wrong(tick())).to.contain('was not active');
    expect(wrong(activate, tick(), ticked(), deactivate, tick())).to.contain('was not active');
    expect(wrong(activate, ['death', {}], tick())).to.contain('was not active');
  });

  it('leaves ticks out of the calls that somebody must have made', () => {
    expect(verdictOf(new Correlation(), [tick(), ticked()])).to.equal(undefined);
  });
});

describe('Correlation of messages that are answered on arrival', () => {
  const call = { call: 'n1#1:1' };
  const lines: readonly Line[] = [
    ['call', call],
    ['call-end', { ...call, outcome: 'taken' }],
    ['turn-start', call],
    ['turn-end', { ...call, outcome: 'ok' }],
  ];

  it('holds when their turn begins after the answer, and is broken when a second one begins', () => {
    expect(verdictOf(new Correlation(), lines)).to.equal(undefined);
    expect(verdictOf(new Correlation(), [...lines, ['turn-start', call]])).to.contain('n1#1:1');
  });
});

describe('The order of a pair', () => {
  const begins = (call: string, activation = 'a', mode = 'alone'): Line => [
    'turn-start',
    { activation, turn: 1, call, mode },
  ];
  const wrong = (...lines: Line[]) => verdictOf(new OrderOfAPair(), lines);

  it('holds when calls of each sender begin in their order, with gaps', () => {
    expect(
      wrong(begins('n1#1:1'), begins('n2#1:7'), begins('n1#1:3'), begins('n2#1:8'), begins('n1#1:2', 'b')),
    ).to.equal(undefined);
  });

  it('is broken by a call that begins after a later one of its sender', () => {
    expect(wrong(begins('n1#1:2'), begins('n1#1:1'))).to.contain('n1#1:1');
  });

  it('says nothing of turns that may overlap, and of messages that were forwarded for others', () => {
    expect(wrong(begins('n1#1:2'), begins('n1#1:1', 'a', 'read-only'))).to.equal(undefined);
    expect(wrong(['send', { call: 'n1#1:3', forwarded: 'n2#1:7' }], begins('n1#1:3'), begins('n1#1:2'))).to.equal(
      undefined,
    );
  });

  it('holds for one-way messages as well, apart from calls', () => {
    const sent = (call: string): Line => ['send', { call }];
    expect(wrong(sent('n1#1:3'), begins('n1#1:3'), begins('n1#1:2'))).to.equal(undefined);
    expect(wrong(sent('n1#1:2'), sent('n1#1:3'), begins('n1#1:3'), begins('n1#1:2'))).to.contain('n1#1:2');
  });
});

describe('The end of a call', () => {
  const call = (remainingMs: number, id = 'n1#1:2'): Line => ['call', { call: id, remainingMs }];
  const ends = (remainingMs: number): Line => ['call-end', { call: 'n1#1:2', remainingMs }];
  const wrong = (...lines: Line[]) => verdictOf(new Deadlines(), lines);
  const nothing: readonly Line[] = Array.from({ length: 3_000 }, () => ['test:nothing', {}]);

  it('comes by its deadline', () => {
    expect(wrong(call(10), ends(0), call(10), ends(3))).to.equal(undefined);
    expect(wrong(call(10), ends(-2))).to.contain('ended 2 ms after its deadline');
    expect(wrong(call(-5), ends(-6))).to.contain('ended 1 ms after its deadline');
  });

  it('comes at all', () => {
    expect(wrong(call(10), ...nothing, call(10, 'n1#1:3'))).to.contain('has not ended');
    expect(wrong(call(5_000), ...nothing, call(10, 'n1#1:3'))).to.equal(undefined);
  });

  it('may come late when the process stood still, or had died', () => {
    expect(wrong(call(10), ['pause', {}], ['resume', {}], ends(-2))).to.equal(undefined);
    expect(wrong(['pause', {}], ['resume', {}], call(10), ends(-2))).to.contain('ended 2 ms after');
    expect(wrong(call(10), ['death', {}], ...nothing, call(10, 'n1#2:1'))).to.equal(undefined);
  });
});

describe('The table of pending calls', () => {
  it('is seen to keep what has ended', async () => {
    const { remove } = PendingCalls.prototype;
    PendingCalls.prototype.remove = () => undefined;
    try {
      const { failures } = await runSimulation(FirstCallsSimulation, {
        method: 'eachKeyIsActivatedOnce',
        seeds: 1,
        checkDeterminism: false,
      });
      expect(String(failures[0]?.error)).to.match(
        /'pending calls' does not hold: \w+ keeps \d+ pending calls, and 0 of its calls have not ended/,
      );
    } finally {
      PendingCalls.prototype.remove = remove;
    }
  });
});
