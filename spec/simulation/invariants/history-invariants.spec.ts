import { expect } from 'chai';
import { AcknowledgedIsDurable } from '../../../lib/simulation/invariants/ownership/acknowledged-is-durable';
import { NoStaleWrite } from '../../../lib/simulation/invariants/ownership/no-stale-write';
import { OneTurnAtATime } from '../../../lib/simulation/invariants/activations/one-turn-at-a-time';
import { SingleActivation } from '../../../lib/simulation/invariants/activations/single-activation';
import { verdictOf, type Line } from './history-fixture';

const start = (activation: string, turn: number, node = 'node1'): Line => ['turn-start', { activation, turn }, node];
const end = (activation: string, turn: number): Line => ['turn-end', { activation, turn }];
const activate = (activation: string, node: string): Line => ['activate', { activation }, node];
const deactivate = (activation: string, node: string): Line => ['deactivate', { activation }, node];
const claim = (epoch: number, version: number): Line => ['store-claim', { epoch, version }];
const accepted = (epoch: number, version: number): Line => ['store-write-accepted', { epoch, version }];

describe('One turn at a time', () => {
  it('holds when turns follow each other, and when those of two activations overlap', () => {
    expect(
      verdictOf(new OneTurnAtATime(), [start('a', 1), end('a', 1), start('a', 2), start('b', 1), end('a', 2)]),
    ).to.equal(undefined);
  });

  it('is broken by a turn that begins before the one before it has ended', () => {
    expect(verdictOf(new OneTurnAtATime(), [start('a', 1), start('a', 2)])).to.contain('turn 2 of the activation a');
  });
});

describe('Single activation', () => {
  it('holds when one activation takes over from another', () => {
    const lines = [
      activate('a', 'node1'),
      start('a', 1),
      deactivate('a', 'node1'),
      activate('b', 'node2'),
      start('b', 1, 'node2'),
      start('b', 2, 'node2'),
    ];
    expect(verdictOf(new SingleActivation(() => true), lines)).to.equal(undefined);
  });

  it('is broken by an older activation that begins a turn after a newer one did', () => {
    expect(verdictOf(new SingleActivation(), [start('a', 1), start('b', 1), start('a', 2)])).to.contain(
      'the activation a',
    );
  });

  it('is broken by a turn that begins while another activation is active on a node that holds its lease', () => {
    const lines = [activate('a', 'node1'), activate('b', 'node2'), start('b', 1, 'node2')];
    expect(verdictOf(new SingleActivation((node) => node === 'node1'), lines)).to.contain(
      'a is active on node1, which holds its lease',
    );
  });

  it('holds when the other node has lost its lease, or has died', () => {
    const lines = [activate('a', 'node1'), activate('b', 'node2'), start('b', 1, 'node2')];
    expect(verdictOf(new SingleActivation(() => false), lines)).to.equal(undefined);
    const withDeath: Line[] = [
      activate('a', 'node1'),
      ['death', {}, 'node1'],
      activate('b', 'node2'),
      start('b', 1, 'node2'),
    ];
    expect(verdictOf(new SingleActivation(() => true), withDeath)).to.equal(undefined);
  });

  it('says nothing of static actors, which every node has', () => {
    const line = (activation: string): Line => ['turn-start', { actor: 'bank/Ping', activation, turn: 1 }];
    expect(verdictOf(new SingleActivation(), [line('a'), line('b'), line('a')])).to.equal(undefined);
  });
});

describe('No stale write', () => {
  it('holds when versions follow each other under the latest claim', () => {
    expect(
      verdictOf(new NoStaleWrite(), [claim(1, 0), accepted(1, 0), accepted(1, 1), claim(2, 2), accepted(2, 2)]),
    ).to.equal(undefined);
  });

  it('is broken by a write of an epoch that is older than the latest claim, even with the fresh version', () => {
    expect(verdictOf(new NoStaleWrite(), [claim(1, 0), claim(2, 0), accepted(1, 0)])).to.contain(
      'epoch 1 was accepted although epoch 2 was claimed',
    );
  });

  it('is broken by a write that replaces a version which is not the present one', () => {
    expect(verdictOf(new NoStaleWrite(), [claim(1, 0), accepted(1, 0), accepted(1, 0)])).to.contain(
      'replaces version 0',
    );
    expect(verdictOf(new NoStaleWrite(), [claim(1, 0), accepted(1, 1)])).to.contain('replaces version 1');
  });

  it('is broken by an epoch that is claimed twice', () => {
    expect(verdictOf(new NoStaleWrite(), [claim(1, 0), claim(1, 0)])).to.contain('claimed with epoch 1 after epoch 1');
  });
});

describe('Acknowledged is durable', () => {
  const acknowledged = (version: number): Line => ['persist-ack', { version }];
  const answered = (version: number): Line => ['call-end', { outcome: 'ok', version }];

  it('holds when the store accepted before anybody was told', () => {
    expect(
      verdictOf(new AcknowledgedIsDurable(), [
        accepted(1, 0),
        acknowledged(1),
        answered(1),
        accepted(1, 1),
        answered(1),
      ]),
    ).to.equal(undefined);
  });

  it('is broken by an activation that takes a write for durable before the store accepted it', () => {
    expect(verdictOf(new AcknowledgedIsDurable(), [acknowledged(1)])).to.contain('an activation took version 1');
  });

  it('is broken by an answer that overtakes the state that it speaks of', () => {
    expect(verdictOf(new AcknowledgedIsDurable(), [accepted(1, 0), answered(2)])).to.contain(
      'a caller was answered with version 2',
    );
  });
});
