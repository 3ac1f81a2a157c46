import { expect } from 'chai';
import { Type } from 'class-transformer';
import type { Constructor } from '../../lib/injection/token';
import { hasMembers, remedyOfLoss, tellLost, wordsOfLoss, type LostInstance } from '../../lib/metadata/lost-instance';

class Money {
  constructor(readonly cents = 0) {}
  get euros(): number {
    return this.cents / 100;
  }
}
class Tip extends Money {
  thanks(): string {
    return 'thank you';
  }
}
class Point {
  constructor(
    readonly x = 0,
    readonly y = 0,
  ) {}
}
class Pocket {
  @Type(() => Money) coins: Money[] = [];
  @Type(() => Money, {
    discriminator: { property: 'kind', subTypes: [{ value: Tip, name: 'tip' }] },
  })
  tips = new Map<string, Money>();
  note: unknown;
}
class Coat {
  @Type(() => Pocket) pocket = new Pocket();
  other: unknown;
}
class Names extends Set<string> {
  longest(): string {
    return [...this].sort((a, b) => b.length - a.length)[0] ?? '';
  }
}

function lossesOf(type: Constructor<object>, value: object): readonly LostInstance[] {
  const losses: LostInstance[] = [];
  tellLost(type, value, (lost) => losses.push(lost));
  return losses;
}
const placesOf = (value: object): readonly string[] =>
  lossesOf(value.constructor as Constructor<object>, value).map(({ place, type }) => `${place}: ${type}`);
function coat(fields: Partial<Pocket>, other?: unknown): Coat {
  return Object.assign(new Coat(), { pocket: Object.assign(new Pocket(), fields), other });
}

describe('An object that would come back without its class', () => {
  it('is none where @Type names the class, in lists, maps and what is nested', () => {
    expect(placesOf(coat({ coins: [new Money(1)], tips: new Map([['a', new Tip(2)]]) }))).to.deep.equal([]);
  });

  it('is none where nothing but fields belongs to it, nor where it is plain', () => {
    const note = [new Point(), { a: new Map([['b', new Set([new Point(), null, new Date(), new URL('a:b')])]]) }];
    expect(placesOf(coat({ note }, new TypeError('no')))).to.deep.equal([]);
    expect(placesOf(coat({ coins: [{ cents: 5 } as Money] }))).to.deep.equal([]);
    expect(lossesOf(Pocket, { coins: [new Money()] })).to.deep.equal([]);
  });

  it('is found wherever it stands, and told by the field of the class that is known', () => {
    expect(placesOf(coat({ note: new Money() }, [new Map([[new Tip(), 1]])]))).to.deep.equal([
      'Pocket.note: Money',
      'Coat.other: Tip',
    ]);
    const [lost] = lossesOf(Pocket, Object.assign(new Pocket(), { note: { a: { b: new Tip() } } }));
    expect(lost).to.include({ place: 'Pocket.note', isWithinPlain: true });
    expect(lost?.members).to.deep.equal(['thanks', 'euros']);
    expect(remedyOfLoss(lost as LostInstance)).to.contain('a Map with @Type(() => Tip)');
  });

  it('is found where another class than its own would be made of it', () => {
    const [lost] = lossesOf(Pocket, Object.assign(new Pocket(), { coins: [new Tip()] }));
    expect(wordsOfLoss(lost as LostInstance)).to.equal(
      'holds an object of Tip at Pocket.coins, which would come back as one of Money, and without thanks',
    );
    expect(remedyOfLoss(lost as LostInstance)).to.contain("subTypes: [{ value: Tip, name: 'Tip' }]");
    class Belt extends Pocket {
      tighten(): void {}
    }
    expect(lossesOf(Pocket, new Belt()).map(({ place, becomes }) => [place, becomes])).to.deep.equal([
      ['Pocket', 'Pocket'],
    ]);
  });

  it('is also a list, map or set of a class of its own', () => {
    expect(placesOf(coat({ note: new Names(['a']) }))).to.deep.equal(['Pocket.note: Names']);
  });

  it('is looked for in circles without end, which are refused elsewhere', () => {
    const note: unknown[] = [new Money()];
    note.push(note, { note });
    expect(placesOf(coat({ note }))).to.deep.equal(['Pocket.note: Money']);
  });

  it('is of a class that has members', () => {
    expect([Money, Tip, Point, Coat, Names].map(hasMembers)).to.deep.equal([true, true, false, false, true]);
  });
});
