import { expect } from 'chai';
import { runSimulation } from 'moonpool/simulation';
import { DeadlockWatch } from '../../../../lib/turns/deadlock-watch';
import { NoSilentDeadlock } from '../../../../lib/simulation/invariants/calls/no-silent-deadlock';
import { unlisted } from '../../../scenarios/unlisted';
import { verdictOf, type Line } from '../history-fixture';

const { TurnsSimulation } = unlisted(
  () => require('../../../scenarios/turns-simulation') as typeof import('../../../scenarios/turns-simulation'),
);

const begins = (actor: string, turn: number, call: string, mode = 'alone'): Line => [
  'turn-start',
  { actor, activation: actor, turn, call, mode },
];
const ends = (actor: string, turn: number, call: string): Line => [
  'turn-end',
  { actor, activation: actor, turn, call },
];
const calls = (call: string, actor: string, turn: string): Line => ['call', { call, actor, turn }];
const timesOut = (call: string): Line => ['call-end', { call, outcome: 'error', error: 'CALL_TIMEOUT' }];
/** Lines that nobody looks at: each lasts a millisecond. */
const aLongTime: readonly Line[] = Array.from({ length: 11_000 }, () => ['test:nothing', {}]);

/** A has the turn of c1 and calls B by x; B has the turn of c2 and calls A by y. */
const circle: readonly Line[] = [
  begins('A', 1, 'c1'),
  begins('B', 1, 'c2'),
  calls('x', 'B', 'A/1'),
  calls('y', 'A', 'B/1'),
];
const wrong = (...lines: Line[]) => verdictOf(new NoSilentDeadlock(), lines);

describe('No silent deadlock', () => {
  it('is broken by a call whose actor waits for the turn that made it, until its deadline', () => {
    expect(wrong(...circle, ...aLongTime, timesOut('x'))).to.contain(
      'the call x has waited for itself until its deadline: A -> B -> A',
    );
    const three = [
      begins('A', 1, 'c1'),
      begins('B', 1, 'c2'),
      begins('C', 1, 'c3'),
      calls('x', 'B', 'A/1'),
      calls('y', 'C', 'B/1'),
      calls('z', 'A', 'C/1'),
    ];
    expect(wrong(...three, ...aLongTime, timesOut('z'))).to.contain('C -> A -> B -> C');
  });

  it('is broken by a circle that goes through a turn which serves the call', () => {
    const served = [begins('A', 1, 'c1'), calls('x', 'B', 'A/1'), begins('B', 1, 'x'), calls('y', 'A', 'B/1')];
    expect(wrong(...served, ...aLongTime, timesOut('y'))).to.contain('B -> A -> B');
  });

  it('holds while the circle is young, when it is no circle, and when the call ends otherwise', () => {
    expect(wrong(...circle, timesOut('x'))).to.equal(undefined);
    expect(wrong(...circle.slice(0, 3), ...aLongTime, timesOut('x'))).to.equal(undefined);
    expect(
      wrong(...circle, ...aLongTime, ['call-end', { call: 'x', outcome: 'error', error: 'CALL_DEADLOCK' }]),
    ).to.equal(undefined);
    expect(wrong(...circle, ...aLongTime, ends('B', 1, 'c2'), timesOut('x'))).to.equal(undefined);
    expect(wrong(...circle, ...aLongTime, ['call-end', { call: 'y', outcome: 'ok' }], timesOut('x'))).to.equal(
      undefined,
    );
    expect(wrong(...circle, ...aLongTime, ['death', {}], timesOut('x'))).to.equal(undefined);
  });

  it('holds when the turn in the way interleaves: it keeps nobody waiting', () => {
    const beside = [begins('A', 1, 'c1', 'interleaved'), ...circle.slice(1)];
    expect(wrong(...beside, ...aLongTime, timesOut('y'))).to.equal(undefined);
  });

  it('is seen to be broken where nobody asks whether turns wait for themselves', async () => {
    const { look } = DeadlockWatch.prototype;
    DeadlockWatch.prototype.look = () => undefined;
    try {
      const { failures } = await runSimulation(TurnsSimulation, {
        method: 'turnsThatWaitForEachOtherAreFoundAmongFaults',
        seeds: 3,
        checkDeterminism: false,
      });
      expect(failures.map(({ error }) => String(error)).join()).to.contain(
        "The invariant 'no silent deadlock' does not hold",
      );
    } finally {
      DeadlockWatch.prototype.look = look;
    }
  });
});
