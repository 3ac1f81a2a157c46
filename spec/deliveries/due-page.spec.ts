import { expect } from 'chai';
import { DuePage, type DueVerdict } from '../../lib/deliveries/due-page';
import type { StoredDelivery } from '../../lib/storage/stored-delivery';

const stored = (id: string, target = 'own/Actor/a', version = 1): StoredDelivery => {
  return { id, target, dueAt: 0, version, data: Buffer.alloc(0) };
};
const begin = (): DueVerdict => 'begin';
/** What is chosen of one page for the whole ring, or of one for each part of it. */
const idsOf = (
  page: DuePage,
  pages: readonly (readonly StoredDelivery[])[],
  admit: (one: StoredDelivery) => DueVerdict,
) =>
  page
    .choose(
      pages.map((deliveries) => ({ due: { deliveries, now: 0, nextAt: undefined }, at: 0 })),
      ({ delivery }) => admit(delivery),
    )
    .map(({ delivery }) => delivery.id);

describe('A page of what is due', () => {
  it('has those that are not under way, of the own application, that can be read', () => {
    const page = new DuePage('own/');
    page.limitFor(10);
    page.passOver(stored('spoiled'));
    const all = [stored('a'), stored('foreign', 'other/Actor/a'), stored('spoiled'), stored('b'), stored('c')];
    expect(idsOf(page, [all], ({ id }) => (id === 'b' ? 'wait' : 'begin'))).to.deep.equal(['a', 'c']);
    expect(page.isCut).to.equal(false);
  });

  it('has one again that could not be read, once it is another one', () => {
    const page = new DuePage('own/');
    page.passOver(stored('a'));
    expect(idsOf(page, [[stored('a')]], begin)).to.have.length(0);
    expect(idsOf(page, [[stored('a', 'own/Actor/a', 2)]], begin)).to.have.length(1);
  });

  it('has none again that could not be read, however many they are', () => {
    const page = new DuePage('own/');
    const spoiled = Array.from({ length: 20_000 }, (_, index) => stored(`s${index}`));
    for (const one of spoiled) page.passOver(one);
    expect(idsOf(page, [[...spoiled, stored('a')]], begin)).to.deep.equal(['a']);
  });

  it('grows until it gets past those that cannot be delivered here, however many there are', () => {
    const page = new DuePage('own/');
    const foreign = Array.from({ length: 1_000 }, (_, index) => stored(`f${index}`, 'other/Actor/a'));
    const all = [...foreign, stored('a')];
    for (let round = 1; ; round++) {
      const chosen = idsOf(page, [all.slice(0, page.limitFor(4))], begin);
      if (chosen.length > 0) break;
      expect(page.isCut && page.canGrow, `round ${round}`).to.equal(true);
      expect(round).to.be.below(12);
    }
    // The next page has room for all of them and for what is wanted besides.
    expect(page.limitFor(4)).to.be.at.least(1_004);
    idsOf(page, [[]], begin);
    expect(page.limitFor(4)).to.equal(4);
  });

  it('has the earliest of all parts of the ring first, and is cut when one of them is', () => {
    const page = new DuePage('own/');
    page.limitFor(2);
    const due = (id: string, dueAt: number) => ({ ...stored(id), dueAt });
    expect(idsOf(page, [[due('b', 2), due('d', 4)], [due('a', 1)]], begin)).to.deep.equal(['a', 'b', 'd']);
    expect([page.isCut, page.canGrow]).to.deep.equal([true, false]);
  });

  it('grows past those that have to wait and come again with each page', () => {
    const page = new DuePage('own/');
    page.limitFor(2);
    expect(idsOf(page, [[stored('a'), stored('b')]], () => 'pass over')).to.deep.equal([]);
    expect(page.canGrow).to.equal(true);
    expect(page.limitFor(2)).to.be.above(2);
  });

  it('is crowded when it has more than there are places for, also when it is all that is due', () => {
    const page = new DuePage('own/');
    page.limitFor(10);
    const verdicts: DueVerdict[] = ['begin', 'crowded', 'wait'];
    expect(idsOf(page, [[stored('a'), stored('b'), stored('c')]], () => verdicts.shift() ?? 'wait')).to.deep.equal([
      'a',
    ]);
    expect([page.isCut, page.isCrowded]).to.deep.equal([false, true]);
    idsOf(page, [[stored('b')]], begin);
    expect(page.isCrowded).to.equal(false);
  });

  it('remembers so many that cannot be read, and no more', () => {
    const page = new DuePage('own/');
    for (let index = 0; index <= 131_072; index++) page.passOver(stored(`s${index}`));
    expect(idsOf(page, [[stored('s0'), stored('s1')]], begin)).to.deep.equal(['s0']);
  });
});
