import { expect } from 'chai';
import { HeldBack } from '../../lib/deliveries/held-back';
import { Places } from '../../lib/deliveries/places';
import { slotOf, WHOLE_RING } from '../../lib/deliveries/ring';
import type { StoredDelivery } from '../../lib/storage/stored-delivery';

const stored = (target: string, dueAt = 0): StoredDelivery => {
  return { id: target, target, dueAt, version: 1, data: Buffer.alloc(0) };
};

describe('Actors that are held back', () => {
  it('are left out of the ring, and nobody else is', () => {
    const held = new HeldBack();
    expect(held.without(WHOLE_RING)).to.deep.equal([WHOLE_RING]);
    const targets = ['a', 'b', 'c'].map((key) => `spec/Desk/${key}`);
    for (const target of targets) expect(held.add(stored(target))).to.equal(true);
    const [first = 0, second = 0, third = 0] = targets.map(slotOf).sort((one, other) => one - other);
    expect(held.without(WHOLE_RING)).to.deep.equal([
      { from: 0, to: first },
      { from: first + 1, to: second },
      { from: second + 1, to: third },
      { from: third + 1, to: 2 ** 32 },
    ]);
    expect(held.without({ from: first, to: second + 1 })).to.deep.equal([{ from: first + 1, to: second }]);
    expect(held.without({ from: second, to: second + 1 })).to.deep.equal([]);
  });

  it('are so many at most that are left out, and the others are told to be passed over', () => {
    const held = new HeldBack();
    const said = Array.from({ length: 20 }, (_, index) => held.add(stored(`spec/Desk/${index}`)));
    expect(said).to.deep.equal(said.map((_, index) => index < 16));
    expect(held.add(stored('spec/Desk/3'))).to.equal(true);
    expect(held.leftOut).to.equal(16);
    expect(held.without(WHOLE_RING)).to.have.length(17);
  });

  it('go on when half of what they may have under way has ended, and tell since when they wait', () => {
    const held = new HeldBack();
    const places = new Places(8);
    const target = 'spec/Desk/a';
    places.take(target);
    places.take(target);
    held.add(stored(target, 7));
    held.add(stored(target, 9));
    held.release(places);
    expect([held.earliest, held.mayGoOn(target, places)]).to.deep.equal([7, false]);
    places.giveBack(target);
    expect([held.mayGoOn(target, places), held.mayGoOn('spec/Desk/b', places)]).to.deep.equal([true, false]);
    held.release(places);
    expect([held.earliest, held.leftOut]).to.deep.equal([undefined, 0]);
  });
});
