import { expect } from 'chai';
import { DuePage } from '../../lib/deliveries/due-page';
import type { StoredDelivery } from '../../lib/storage/stored-delivery';

const stored = (id: string, target = 'own/Actor/a', version = 1): StoredDelivery => {
  return { id, target, dueAt: 0, version, data: Buffer.alloc(0) };
};
const NONE: ReadonlyMap<string, unknown> = new Map();
const idsOf = (page: readonly StoredDelivery[]) => page.map(({ id }) => id);

describe('A page of what is due', () => {
  it('has those that are not under way, of the own application, that can be read', () => {
    const page = new DuePage('own/');
    page.limitFor(10);
    page.passOver(stored('spoiled'));
    const all = [stored('a'), stored('foreign', 'other/Actor/a'), stored('spoiled'), stored('b'), stored('c')];
    expect(idsOf(page.choose(all, new Map([['b', 1]])))).to.deep.equal(['a', 'c']);
    expect(page.isCut).to.equal(false);
  });

  it('has one again that could not be read, once it is another one', () => {
    const page = new DuePage('own/');
    page.passOver(stored('a'));
    expect(page.choose([stored('a')], NONE)).to.have.length(0);
    expect(page.choose([stored('a', 'own/Actor/a', 2)], NONE)).to.have.length(1);
  });

  it('grows until it gets past those that cannot be delivered here, however many there are', () => {
    const page = new DuePage('own/');
    const foreign = Array.from({ length: 1_000 }, (_, index) => stored(`f${index}`, 'other/Actor/a'));
    const all = [...foreign, stored('a')];
    for (let round = 1; ; round++) {
      const chosen = page.choose(all.slice(0, page.limitFor(4)), NONE);
      if (chosen.length > 0) break;
      expect(page.isCut && page.canGrow, `round ${round}`).to.equal(true);
      expect(round).to.be.below(12);
    }
    // The next page has room for all of them and for what is wanted besides.
    expect(page.limitFor(4)).to.be.at.least(1_004);
    page.choose([], NONE);
    expect(page.limitFor(4)).to.equal(4);
  });

  it('remembers so many that cannot be read, and no more', () => {
    const page = new DuePage('own/');
    for (let index = 0; index < 10_001; index++) page.passOver(stored(`s${index}`));
    expect(idsOf(page.choose([stored('s0'), stored('s1')], NONE))).to.deep.equal(['s0']);
  });
});
