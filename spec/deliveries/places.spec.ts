import { expect } from 'chai';
import { Places } from '../../lib/deliveries/places';

/** Takes as many for the actor as it may have, and says how many these were. */
const fill = (places: Places, actor: string): number => {
  let count = 0;
  for (; places.admits(actor); count++) places.take(actor);
  return count;
};

describe('The places of deliveries', () => {
  it('are a quarter of all for one actor, a quarter of the rest for the next, and there is always one for who has none', () => {
    const places = new Places(256);
    expect(['a', 'b', 'c'].map((actor) => fill(places, actor))).to.deep.equal([64, 48, 36]);
    for (let index = 0; places.free > 0; index++) expect(fill(places, `d${index}`)).to.be.above(0);
    expect(places.admits('e')).to.equal(false);
  });

  it('are free again when they are given back, for the actor too that had them', () => {
    const places = new Places(256);
    fill(places, 'a');
    expect([places.admits('a'), places.isAtEase('a')]).to.deep.equal([false, false]);
    places.giveBack('a');
    expect([places.admits('a'), places.isAtEase('a')]).to.deep.equal([true, false]);
    for (let index = 0; index < 40; index++) places.giveBack('a');
    expect(places.isAtEase('a')).to.equal(true);
    expect(places.free).to.equal(256 - 23);
  });

  it('are one at least, however few there are', () => {
    const places = new Places(1);
    expect([fill(places, 'a'), fill(places, 'b')]).to.deep.equal([1, 0]);
    places.giveBack('a');
    expect(fill(places, 'b')).to.equal(1);
  });
});
