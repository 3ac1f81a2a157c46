import 'reflect-metadata';
import { expect } from 'chai';
import { Exclude, Expose, Transform, Type } from 'class-transformer';
import fc from 'fast-check';
import { MsgpackrSerializer } from '../../lib/engines/msgpackr/msgpackr-serializer';
import type { PersistRecord } from '../../lib/metadata/actor-record';
import { StateCell } from '../../lib/persistence/state-cell';
import { JsonSerializer } from '../../lib/serialization/json-serializer';

class Money {
  constructor(
    readonly cents = 0,
    readonly currency = 'EUR',
  ) {}
  get amount(): number {
    return this.cents / 100;
  }
}
abstract class Pet {
  name = '';
}
class Dog extends Pet {
  barks = true;
  @Type(() => Money) worth = new Money(1);
}
class Cat extends Pet {
  kind = 'cat';
  lives = 9;
}
const PETS = {
  discriminator: {
    property: 'kind',
    subTypes: [
      { value: Dog, name: 'dog' },
      { value: Cat, name: 'cat' },
    ],
  },
};

class Base {
  @Exclude() inherited = 'base';
  @Type(() => Money) inheritedMoney: Money | undefined = new Money(3);
}
/** Everything that a decorator of class-transformer can say, beside everything that it does not speak of. */
class Kept extends Base {
  @Type(() => Money) one = new Money();
  @Type(() => Money) list: (Money | null)[] = [];
  @Type(() => Money) nested: Money[][] = [];
  @Type(() => Money) map = new Map<string, Money>();
  @Type(() => Money) set = new Set<Money>();
  @Type(() => Pet, PETS) pet: Pet | undefined;
  @Type(() => Pet, PETS) pets: Pet[] = [];
  @Type(() => Date) date: Date | null = null;
  @Type(() => Number) numbers: number[] = [];
  @Expose({ name: 'other_name' }) exposed = '';
  @Exclude() excluded = '';
  @Transform(({ value }) => (value as number) + 1) counted = 0;
  @Transform(
    () => {
      throw new Error('never');
    },
    { toClassOnly: true },
  )
  thrown = 0;
  values: unknown = undefined;
  bytes = new Uint8Array(0);
  buffer = Buffer.alloc(0);
  tags = new Map<unknown, unknown>();
  big = 0n;
  url: URL | undefined;
  private hidden = 1;
  get double(): number {
    return this.hidden * 2;
  }
  set double(value: number) {
    this.hidden = value / 2;
  }
}

const nothing = async (): Promise<void> => undefined;
const owner = { version: 0, looksAfterReads: false, isGated: false, persist: nothing, clear: nothing, reload: nothing };
const recordOf = (type: new () => object): PersistRecord => ({
  property: 's',
  type,
  name: 's',
  version: 1,
  upcasts: [],
  isValidated: true,
  storage: undefined,
  options: {},
  isStaticMember: false,
  isField: true,
  emittedType: undefined,
});

for (const serializer of [new JsonSerializer(), new MsgpackrSerializer()]) {
  const again = <T extends object>(type: new () => T, value: T): T => {
    const written = new StateCell(recordOf(type), owner, serializer);
    written.value = value;
    const read = new StateCell(recordOf(type), owner, serializer);
    read.load('e/A/a', written.encode());
    return read.value as T;
  };

  describe(`A state that was kept as ${serializer.contentType}`, () => {
    const money = fc
      .tuple(fc.integer(), fc.string({ maxLength: 3 }))
      .map(([cents, currency]) => new Money(cents, currency));
    const dog = money.map((worth) => Object.assign(new Dog(), { name: 'rex', worth }));
    const cat = fc.integer().map((lives) => Object.assign(new Cat(), { lives }));
    const pet = fc.oneof(dog, cat);
    const loose = fc.oneof(
      fc
        .anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: false,
          maxDepth: 2,
          withNullPrototype: false,
        })
        .filter(carried),
      fc.constant({ other_name: 1 }),
    );
    const state = fc
      .record({
        inherited: fc.string(),
        inheritedMoney: fc.option(money, { nil: undefined }),
        one: money,
        list: fc.array(fc.option(money)),
        nested: fc.array(fc.array(money, { maxLength: 2 }), { maxLength: 2 }),
        map: fc.array(fc.tuple(fc.string(), money)).map((entries) => new Map(entries)),
        set: fc.array(money).map((items) => new Set(items)),
        pet: fc.option(pet, { nil: undefined }),
        pets: fc.array(pet),
        date: fc.option(fc.date({ noInvalidDate: true })),
        numbers: fc.array(fc.integer()),
        exposed: fc.string(),
        excluded: fc.string(),
        counted: fc.integer(),
        thrown: fc.integer(),
        values: loose,
        bytes: fc.uint8Array(),
        buffer: fc.uint8Array().map((bytes) => Buffer.from(bytes)),
        tags: fc.array(fc.tuple(fc.string(), loose)).map((entries) => new Map(entries)),
        big: fc.bigInt(),
        url: fc.constantFrom(undefined, new URL('http://a/b')),
        double: fc.integer(),
      })
      .map((fields) => Object.assign(new Kept(), fields));

    it('equals what was put in, classes included, however often it is kept', () => {
      fc.assert(
        fc.property(state, (put) => {
          const once = again(Kept, put);
          expect(once).to.deep.equal(put);
          expect(once).to.be.instanceOf(Kept);
          const isMoney = (value: unknown): boolean => value instanceof Money;
          for (const value of [
            once.one,
            ...once.list.filter((item) => item !== null),
            ...once.nested.flat(),
            ...once.map.values(),
            ...once.set,
          ])
            expect(isMoney(value)).to.equal(true);
          once.pets.forEach((one, index) => expect(one.constructor).to.equal((put.pets[index] as Pet).constructor));
          expect(Object.keys(once)).to.have.members(Object.keys(put));
          const twice = again(Kept, once);
          expect(twice).to.deep.equal(put);
          once.pets.forEach((one, index) => expect(one).to.deep.equal(twice.pets[index]));
        }),
        { numRuns: 200, seed: 3 },
      );
    });

    it('has the fields that its class got later from its constructor, and those that the class computes now from the class', () => {
      class Before {
        [key: string]: unknown;
        amount = 1;
        total = 7;
      }
      class After {
        amount = 0;
        later = 'new';
        get total(): number {
          return this.amount * 2;
        }
      }
      const cell = new StateCell(recordOf(Before as never), owner, serializer);
      const next = new StateCell(recordOf(After), owner, serializer);
      next.load('e/A/a', cell.encode());
      expect(next.value)
        .to.deep.equal(Object.assign(new After(), { amount: 1, later: 'new' }))
        .and.to.have.property('total', 2);
    });

    it('keeps names that every object has, and a field of its own that is called $class', () => {
      class Open {
        [key: string]: unknown;
      }
      const put = Object.assign(new Open(), { toString: 1, hasOwnProperty: 'x', $class: 'mine', valueOf: null });
      expect(Object.entries(again(Open, put))).to.deep.equal(Object.entries(put));
    });

    it('of a plain object with the name of its class, as class-transformer writes it, is read as that class', () => {
      const read = again(
        Kept,
        Object.assign(new Kept(), {
          pets: [
            { kind: 'dog', name: 'a' },
            { kind: 'cat', name: 'b' },
          ] as unknown as Pet[],
        }),
      );
      expect(read.pets[0]).to.be.instanceOf(Dog).and.not.to.have.property('kind');
      expect(read.pets[1]).to.be.instanceOf(Cat).and.to.have.property('kind', 'cat');
    });

    it('is refused when it is no object of a class, and nothing is stored then', () => {
      for (const value of [new Map([[1, 1]]), [1], new Date(0)]) {
        const cell = new StateCell(recordOf(Money), owner, serializer);
        cell.value = value;
        expect(() => cell.encode())
          .to.throw()
          .with.property('code', 'UNSERIALIZABLE_VALUE');
      }
    });
  });
}

/** Symbols, and keys that nobody may send, are no part of this. */
function carried(value: unknown): boolean {
  if (typeof value === 'symbol' || typeof value === 'function') return false;
  if (typeof value !== 'object' || value === null) return true;
  if (value instanceof Date) return true;
  const parts = value instanceof Map ? [...value].flat() : value instanceof Set ? [...value] : Object.values(value);
  return (
    Object.getOwnPropertySymbols(value).length === 0 &&
    Object.keys(value).every((key) => !['__proto__', 'constructor', 'prototype'].includes(key)) &&
    parts.every(carried)
  );
}
