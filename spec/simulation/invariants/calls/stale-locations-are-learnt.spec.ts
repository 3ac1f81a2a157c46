import { expect } from 'chai';
import { StaleLocationsAreLearnt } from '../../../../lib/simulation/invariants/calls/stale-locations-are-learnt';
import { verdictOf, type Line } from '../history-fixture';

const activate = (activation: string): Line => ['activate', { activation }, 'node2'];
const deactivate = (activation: string): Line => ['deactivate', { activation }, 'node2'];
const call = (id: string): Line => ['call', { call: id }];
const rejected = (id: string): Line => ['call-rejected', { call: id }];
const served = (id: string, activation = 'a'): readonly Line[] => [
  ['turn-start', { call: id, activation, turn: 1 }, 'node2'],
  ['call-end', { call: id, outcome: 'ok' }],
];

describe('Stale places are learnt', () => {
  const judge = (...lines: readonly Line[]) => verdictOf(new StaleLocationsAreLearnt(), lines);

  it('holds for one miss, and for another when the actor has moved', () => {
    expect(judge(activate('a'), call('1'), rejected('1'), ...served('1'), call('2'), ...served('2'))).to.equal(
      undefined,
    );
    expect(
      judge(
        activate('a'),
        call('1'),
        rejected('1'),
        ...served('1'),
        deactivate('a'),
        activate('b'),
        call('2'),
        rejected('2'),
        ...served('2', 'b'),
      ),
    ).to.equal(undefined);
  });

  it('is broken by a second miss while the actor has stayed where it is', () => {
    expect(
      judge(activate('a'), call('1'), rejected('1'), ...served('1'), call('2'), rejected('2'), ...served('2')),
    ).to.contain('the call 2 of bank/Account/alice was rejected before it came to a');
  });

  it('excuses a miss of a node that was asked meanwhile to activate the actor itself, and one more does it not', () => {
    const learnt = [activate('a'), call('1'), rejected('1'), ...served('1')];
    const attempt = (node: string): Line => ['directory-register', { activation: `${node}#1/5`, holder: 'a' }, 'world'];
    const missed = (id: string): readonly Line[] => [call(id), rejected(id), ...served(id)];
    expect(judge(...learnt, attempt('node1'), ...missed('2'))).to.equal(undefined);
    expect(judge(...learnt, attempt('node1'), ...missed('2'), ...missed('3'))).to.contain('the call 3 of');
    expect(judge(...learnt, attempt('node3'), ...missed('2'))).to.contain('the call 2 of');
    const asked = [activate('a'), call('1'), rejected('1'), attempt('node1'), ...served('1')];
    expect(judge(...asked, ...missed('2'))).to.equal(undefined);
    expect(judge(...asked, ...missed('2'), ...missed('3'))).to.contain('the call 3 of');
    expect(judge(attempt('node1'), ...learnt, ...missed('2'))).to.contain('the call 2 of');
  });

  it('excuses calls that follow others which are under way, and those that were made before the place was known', () => {
    expect(
      judge(
        activate('a'),
        call('1'),
        rejected('1'),
        ...served('1'),
        call('2'),
        call('3'),
        rejected('2'),
        rejected('3'),
        ...served('3'),
      ),
    ).to.equal(undefined);
    expect(
      judge(
        activate('a'),
        call('1'),
        rejected('1'),
        ...served('1'),
        ['send', { call: 'm' }],
        call('2'),
        rejected('2'),
        ...served('2'),
      ),
    ).to.equal(undefined);
    expect(
      judge(activate('a'), call('1'), call('2'), rejected('1'), ...served('1'), rejected('2'), ...served('2')),
    ).to.equal(undefined);
  });

  it('is broken by a call that wanders', () => {
    expect(judge(call('1'), ...Array.from({ length: 11 }, () => rejected('1')))).to.contain('was rejected 11 times');
  });

  it('is broken later by one that comes too late to an actor that ends again and again', () => {
    const misses = (count: number) =>
      Array.from({ length: count }, (_, index) => [activate(`${index}`), deactivate(`${index}`), rejected('1')]).flat();
    expect(judge(call('1'), ...misses(40))).to.equal(undefined);
    expect(judge(call('1'), ...misses(41))).to.contain('was rejected 41 times');
  });
});
