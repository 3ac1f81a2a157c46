import { expect } from 'chai';
import type { Registration } from '../../lib/directory/actor-directory';
import { OwnRegistrations, restored, type OwnRegistration } from '../../lib/directory/own-registrations';
import { rangeOf } from '../../lib/directory/ranges';

const ACTOR = 'shop/Cart/1';
const range = rangeOf(ACTOR);
const at = (activation: string, node = 'n1'): Registration => ({
  actor: ACTOR,
  activation,
  node: { name: node, incarnation: 1 },
  address: `${node}:1`,
});
const report = (activation: string, more: Partial<OwnRegistration> = {}): OwnRegistration => ({
  ...at(activation),
  ...more,
});

describe('The activations of a node that the directory has confirmed', () => {
  it('are reported by their ranges, and not when they have ended', () => {
    const own = new OwnRegistrations();
    own.confirm(at('a'), undefined);
    expect(own.report(range)).to.deep.equal([at('a')]);
    expect(own.report((range + 1) % 1_024)).to.deep.equal([]);
    own.remove(ACTOR, 'another');
    expect(own.size).to.equal(1);
    own.remove(ACTOR, 'a');
    expect([own.size, own.report(range)]).to.deep.equal([0, []]);
  });

  it('take each other’s places, and say so', () => {
    const own = new OwnRegistrations();
    own.confirm(at('a'), undefined);
    own.confirm(at('b'), 'a');
    own.remove(ACTOR, 'a');
    own.depart(ACTOR, 'a');
    expect(own.size).to.equal(1);
    expect(own.report(range)).to.deep.equal([report('b', { replaces: 'a' })]);
    own.depart(ACTOR, 'b');
    expect(own.report(range)).to.deep.equal([report('b', { replaces: 'a', isDeparting: true })]);
  });

  it('are known to have been reported while they waited for another one', () => {
    const own = new OwnRegistrations();
    own.confirm(at('a'), undefined);
    own.report(range);
    own.depart(ACTOR, 'a');
    expect(own.remove(ACTOR, 'a')).to.equal(false);
    own.confirm(at('b'), undefined);
    own.depart(ACTOR, 'b');
    own.report(range);
    expect([own.remove(ACTOR, 'another'), own.remove(ACTOR, 'b'), own.remove(ACTOR, 'b')]).to.deep.equal([
      false,
      true,
      false,
    ]);
    own.confirm(at('c'), undefined);
    own.depart(ACTOR, 'c');
    own.report(range);
    own.confirm(at('d'), 'c');
    // Nobody else's place is in question: the node has put its own next one there.
    expect([own.remove(ACTOR, 'c'), own.remove(ACTOR, 'd')]).to.deep.equal([false, false]);
  });

  it('know that an answer is of no use for whose range they were reported meanwhile', () => {
    const own = new OwnRegistrations();
    const before = own.markOf(range);
    expect(own.markOf(range)).to.equal(before);
    own.report(range);
    expect(own.markOf(range)).not.to.equal(before);
    expect(own.markOf((range + 1) % 1_024)).to.equal(before);
  });
});

describe('A range that is restored from what nodes report', () => {
  it('has those that were reported', () => {
    expect(restored([report('a')])).to.deep.equal([at('a')]);
    expect(restored([])).to.deep.equal([]);
  });

  it('does not have one whose place was taken, in whatever order they are reported', () => {
    const [old, next, last] = [
      report('a', { isDeparting: true }),
      report('b', { replaces: 'a', isDeparting: true }),
      report('c', { replaces: 'b' }),
    ] as const;
    for (const order of [
      [old, next, last],
      [last, next, old],
      [next, old, last],
    ])
      expect(restored(order)).to.deep.equal([at('c')]);
    expect(restored([report('b', { replaces: 'a' }), report('a')])).to.deep.equal([at('b')]);
    expect(restored([report('a'), report('b', { replaces: 'a' })])).to.deep.equal([at('b')]);
  });

  it('has one that waits for another to take its place only where nobody else is', () => {
    expect(restored([report('a', { isDeparting: true })])).to.deep.equal([at('a')]);
    for (const order of [
      [report('a', { isDeparting: true }), report('b')],
      [report('b'), report('a', { isDeparting: true })],
    ])
      expect(restored(order)).to.deep.equal([at('b')]);
  });
});
