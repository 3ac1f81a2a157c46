import { expect } from 'chai';
import { ADeadlockHasACircle } from '../../../../lib/simulation/invariants/calls/a-deadlock-has-a-circle';
import { verdictOf, type Line } from '../history-fixture';

const turn = (actor: string): Line => ['turn-start', { actor, activation: actor, turn: 1 }];
const ended = (actor: string): Line => ['turn-end', { actor, activation: actor, turn: 1 }];
const call = (from: string, to: string): Line => ['call', { call: `${from}>${to}`, actor: to, turn: `${from}/1` }];
const callEnd = (from: string, to: string): Line => ['call-end', { call: `${from}>${to}`, actor: to }];
const atCall = (from: string, to: string): Line => ['deadlock', { actor: to, turn: `${from}/1`, circle: 'said' }];
const byProbe = (from: string, to: string): Line => ['deadlock', { actor: to, call: `${from}>${to}`, circle: 'said' }];
const pass = (count: number): readonly Line[] => Array.from({ length: count }, () => call('nobody', 'nothing'));

describe('A deadlock has a circle', () => {
  const invariant = () => new ADeadlockHasACircle();

  it('holds for a turn that calls whom its own caller waits in, through any number of others', () => {
    expect(
      verdictOf(invariant(), [turn('a'), call('a', 'b'), turn('b'), call('b', 'c'), turn('c'), atCall('c', 'a')]),
    ).to.equal(undefined);
    expect(verdictOf(invariant(), [turn('a'), atCall('a', 'a')])).to.equal(undefined);
  });

  it('holds for turns that wait for each other, also when one call has just ended', () => {
    expect(verdictOf(invariant(), [turn('a'), turn('b'), call('a', 'b'), call('b', 'a'), byProbe('b', 'a')])).to.equal(
      undefined,
    );
    expect(
      verdictOf(invariant(), [
        turn('a'),
        turn('b'),
        call('a', 'b'),
        call('b', 'a'),
        callEnd('a', 'b'),
        ended('a'),
        byProbe('b', 'a'),
      ]),
    ).to.equal(undefined);
  });

  it('is broken when nobody there waits for the turn that called', () => {
    expect(verdictOf(invariant(), [turn('a'), turn('b'), call('a', 'b'), byProbe('a', 'b')])).to.contain(
      'was refused because it waits for itself, and it does not: said',
    );
    expect(verdictOf(invariant(), [turn('a'), call('a', 'b'), turn('b'), atCall('b', 'c')])).to.contain(
      'to c was refused',
    );
  });

  it('is broken by what has ended long ago', () => {
    const lines = [
      turn('a'),
      turn('b'),
      call('a', 'b'),
      callEnd('a', 'b'),
      ended('a'),
      ...pass(10_010),
      call('b', 'a'),
      byProbe('b', 'a'),
    ];
    expect(verdictOf(invariant(), lines)).to.contain('was refused');
  });
});
