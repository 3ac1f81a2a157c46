import { expect } from 'chai';
import { always, alwaysOrUnreachable } from '../../lib/chaos/always';
import {
  assertionStand,
  type AssertionDescription,
  type AssertionObservation,
} from '../../lib/chaos/assertion-recorder';
import { alwaysAtLeast, alwaysLessThan, sometimesAtMost, sometimesGreaterThan } from '../../lib/chaos/comparison';
import { reachable, unreachable } from '../../lib/chaos/reachable';
import { sometimes, sometimesAll, sometimesEach } from '../../lib/chaos/sometimes';

interface Look extends AssertionObservation {
  readonly site: AssertionDescription;
}

/** What a recorder is given while the body runs. */
function looksOf(body: () => void): readonly Look[] {
  const looks: Look[] = [];
  assertionStand.recorder = { observe: (site, observation) => looks.push({ site, ...observation }) };
  try {
    body();
  } finally {
    assertionStand.recorder = undefined;
  }
  return looks;
}

describe('An assertion', () => {
  it('does nothing outside of a simulation: nothing is thrown, and no details are made', () => {
    const details = () => {
      throw new Error('nobody wants details');
    };
    always('spec: quiet always').check(false, details);
    alwaysLessThan('spec: quiet comparison').check(2, 1, details);
    sometimesAll('spec: quiet parts', ['a', 'b']).check({ a: true, b: false });
    sometimesEach('spec: quiet buckets').check('x');
    unreachable('spec: quiet place').reach(details);
  });

  it('has a name of its own: a second one is refused, and both places are named', () => {
    sometimes('spec: a name for two');
    expect(() => always('spec: a name for two')).to.throw(
      /DUPLICATE_ASSERTION: .*'spec: a name for two'.*assertions\.spec.*assertions\.spec/,
    );
  });

  it('may be declared again at its place, as by a runner that loads a file again', () => {
    const declared = [1, 2].map(() => sometimes('spec: a file that is loaded twice'));
    expect(declared.map(({ name }) => name)).to.deep.equal(Array(2).fill('spec: a file that is loaded twice'));
  });

  it('tells what it promises and what it saw', () => {
    const sites = {
      always: always('spec: told always'),
      unless: alwaysOrUnreachable('spec: told alwaysOrUnreachable'),
      sometimes: sometimes('spec: told sometimes'),
      reachable: reachable('spec: told reachable'),
      unreachable: unreachable('spec: told unreachable'),
    };
    const looks = looksOf(() => {
      sites.always.check(true);
      sites.unless.check(false);
      sites.sometimes.check(false);
      sites.reachable.reach();
      sites.unreachable.reach();
    });
    expect(looks.map(({ site, holds }) => [site.kind, holds])).to.deep.equal([
      ['always', true],
      ['always-or-unreachable', false],
      ['sometimes', false],
      ['reachable', true],
      ['unreachable', false],
    ]);
  });

  it('that compares holds on the right side of its limit, and never for what is no number', () => {
    const less = alwaysLessThan('spec: less');
    const atLeast = alwaysAtLeast('spec: at least');
    const greater = sometimesGreaterThan('spec: greater');
    const atMost = sometimesAtMost('spec: at most');
    const verdicts = (values: readonly [number, number][]) =>
      values.map(([value, limit]) =>
        looksOf(() => [less, atLeast, greater, atMost].forEach((site) => site.check(value, limit)))
          .map(({ holds }) => (holds ? 'y' : 'n'))
          .join(''),
      );
    expect(
      verdicts([
        [1, 2],
        [2, 2],
        [3, 2],
        [Infinity, Infinity],
        [Number.NaN, 2],
      ]),
    ).to.deep.equal(['ynny', 'nyny', 'nyyn', 'nyny', 'nnnn']);
    const [look] = looksOf(() => less.check(7, 10));
    expect(look).to.include({ margin: 3, value: 7, limit: 10 });
  });

  it('of several conditions holds when all are true at once, and tells which were', () => {
    const site = sometimesAll('spec: all at once', ['crashed', 'parted', 'full']);
    const looks = looksOf(() => {
      site.check({ crashed: true, parted: false, full: true });
      site.check({ crashed: true, parted: true, full: true });
    });
    expect(looks.map(({ holds, buckets, value }) => [holds, buckets, value])).to.deep.equal([
      [false, ['crashed', 'full'], 2],
      [true, ['crashed', 'parted', 'full'], 3],
    ]);
  });
});
