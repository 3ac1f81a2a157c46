import { expect } from 'chai';
import { Type } from 'class-transformer';
import { build, type BuildPurpose } from '../../lib/serialization/instance-builder';

class Money {
  constructor(readonly cents = 0) {
    Object.freeze(this);
  }
  get amount(): number {
    return this.cents / 100;
  }
}
class Purse {
  @Type(() => Money) money = new Money();
  @Type(() => Money) all: Money[] = [];
}
class Sealed {
  a = 1;
  constructor() {
    Object.seal(this);
  }
}
class Closed {
  a = 1;
  constructor() {
    Object.preventExtensions(this);
  }
}
class Fixed {
  declare readonly id: string;
  count = 0;
  constructor() {
    Object.defineProperty(this, 'id', { value: 'none', enumerable: true });
  }
}
class Point {
  x = 0;
  y = 0;
  declare readonly sum: number;
  constructor() {
    Object.defineProperty(this, 'sum', { get: (): number => this.x + this.y, enumerable: true });
  }
}
/** A getter of the instance, which asks the instance that it is called on. */
class Square {
  side = 1;
  declare readonly area: number;
  constructor() {
    Object.defineProperty(this, 'area', {
      get(this: Square) {
        return this.side ** 2;
      },
      enumerable: true,
    });
  }
}

describe('An instance whose constructor freezes something', () => {
  for (const purpose of ['state', 'argument', 'answer'] as const satisfies readonly BuildPurpose[])
    it(`has the fields that were put in, and is as frozen as before: ${purpose}`, () => {
      const purse = build(Purse, { money: { cents: 250 }, all: [{ cents: 1 }] }, purpose);
      expect([purse.money.cents, purse.money.amount, purse.all[0]?.cents]).to.deep.equal([250, 2.5, 1]);
      expect([Object.isFrozen(purse.money), Object.isFrozen(purse)]).to.deep.equal([true, false]);
      const sealed = build(Sealed, { a: 2 }, purpose);
      expect([sealed.a, Object.isSealed(sealed), Object.isFrozen(sealed)]).to.deep.equal([2, true, false]);
      const closed = build(Closed, { a: 2 }, purpose);
      expect([closed.a, Object.isExtensible(closed), Object.isSealed(closed)]).to.deep.equal([2, false, false]);
      const fixed = build(Fixed, { id: 'mine', count: 3 }, purpose);
      expect([fixed.id, fixed.count]).to.deep.equal(['mine', 3]);
      expect(() => Object.assign(fixed, { id: 'other' })).to.throw(TypeError);
      expect(fixed).to.be.instanceOf(Fixed);
    });

  it('computes what it computed, and takes it from nobody', () => {
    const square = build(Square, { side: 3, area: 1 }, 'state');
    expect([square.side, square.area]).to.deep.equal([3, 9]);
    const refused: string[] = [];
    build(Square, { side: 3, area: 1 }, 'argument', refused);
    expect(refused).to.deep.equal(['area is no field of Square, but a part of its class']);
    expect(build(Point, { x: 1, y: 2, sum: 9 }, 'state')).to.include({ x: 1, y: 2 });
  });
});
