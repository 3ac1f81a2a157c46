import 'reflect-metadata';
import { expect } from 'chai';
import { Exclude, Expose, Transform, Type } from 'class-transformer';
import {
  Allow,
  ArrayMaxSize,
  IsArray,
  IsObject,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
  registerDecorator,
  validateSync,
  ValidateNested,
} from 'class-validator';
import fc from 'fast-check';
import { listOf, mapOf, nullable, oneOf, required, setOf, unchecked } from '../../lib/metadata/accepted';
import { Actor } from '../../decorators/actor';
import { Handler } from '../../decorators/handler';
import type { HandlerOptions } from '../../lib/metadata/actor-record';
import { describeActors } from '../../lib/metadata/discovery';
import { acceptAnswer, acceptArguments, acceptPayload } from '../../lib/serialization/argument-check';

class Plain {
  @IsInt() @Min(0) @Max(10) count!: number;
  @IsOptional() @IsString() @Length(1, 3) note?: string;
  @Allow() anything?: unknown;
}
class Inner {
  @IsInt() size!: number;
}
class Nested {
  @ValidateNested() @Type(() => Inner) inner!: Inner;
  @IsInt({ each: true }) @ArrayMaxSize(2) list!: number[];
}
class Unruled {
  level = 1;
}

const where = () => 'argument 1 of test';
const isAccepted = (type: new () => object, value: unknown): boolean => {
  try {
    acceptPayload(type, value, where);
    return true;
  } catch (error) {
    expect(error).to.have.property('code', 'INVALID_PAYLOAD');
    return false;
  }
};

describe('A payload', () => {
  const anyValue = fc.oneof(
    fc.integer({ min: -2, max: 12 }),
    fc.double(),
    fc.string({ maxLength: 4 }),
    fc.constant(null),
    fc.constant(undefined),
    fc.array(fc.integer(), { maxLength: 3 }),
  );
  const someOf = (...keys: readonly string[]) =>
    fc.dictionary(fc.constantFrom(...keys), anyValue, { noNullPrototype: true });

  it('is accepted by the quick check exactly when class-validator accepts it', () => {
    let accepted = 0;
    fc.assert(
      fc.property(
        someOf('count', 'note', 'anything', 'unknown'),
        fc.integer({ min: -1, max: 11 }),
        fc.boolean(),
        (drawn, count, isLikelyRight) => {
          const value = isLikelyRight ? { ...drawn, count } : drawn;
          const instance = Object.assign(new Plain(), value);
          const errors = validateSync(instance, {
            whitelist: true,
            forbidNonWhitelisted: true,
            forbidUnknownValues: true,
          });
          expect(isAccepted(Plain, value)).to.equal(errors.length === 0);
          if (errors.length === 0) accepted++;
        },
      ),
      { numRuns: 2_000 },
    );
    expect(accepted, 'some values must be right, or nothing was compared').to.be.greaterThan(20);
  });

  it('is rebuilt and checked inside, where classes are nested', () => {
    const accepted = acceptPayload(Nested, { inner: { size: 3 }, list: [1, 2] }, where) as Nested;
    expect(accepted.inner).to.be.instanceOf(Inner);
    expect(isAccepted(Nested, { inner: { size: 'x' }, list: [] })).to.equal(false);
    expect(isAccepted(Nested, { inner: { size: 1, more: 1 }, list: [] })).to.equal(false);
    expect(isAccepted(Nested, { inner: { size: 1 }, list: [1, 'x'] })).to.equal(false);
    expect(isAccepted(Nested, { inner: { size: 1 }, list: [1, 2, 3] })).to.equal(false);
  });

  it('names each violated rule by its path', () => {
    expect(() => acceptPayload(Nested, { inner: { size: 'x' }, list: [1] }, where))
      .to.throw('INVALID_PAYLOAD')
      .with.property('message')
      .that.contains('argument 1 of test')
      .and.contains('inner.size must be an integer');
  });

  it('of a class without rules takes what it is given, over what its constructor gave', () => {
    expect(acceptPayload(Unruled, { level: 5 }, where)).to.deep.equal(Object.assign(new Unruled(), { level: 5 }));
    expect(acceptPayload(Unruled, {}, where))
      .to.be.instanceOf(Unruled)
      .and.to.include({ level: 1 });
  });

  for (const value of [undefined, null, 5, 'text', [1]]) {
    it(`is an object, and not ${JSON.stringify(value) ?? 'undefined'}`, () =>
      expect(isAccepted(Plain, value)).to.equal(false));
  }
});

describe('A payload of which more than its fields must be right', () => {
  class Whole {
    @IsInt() amount!: number;
    note = '';
    @Type(() => Inner) loose?: Inner;
    @ValidateNested() @Type(() => Inner) inner?: Inner;
    @ValidateNested({ each: true }) @Type(() => Inner) list?: Inner[];
    @ValidateNested({ each: true }) @Type(() => Inner) map?: Map<string, Inner>;
    @ValidateNested({ each: true }) @Type(() => Inner) set?: Set<Inner>;
    @IsOptional() @IsObject() seen?: Inner;
    @IsOptional() @IsArray() @ValidateNested() @Type(() => Inner) either?: Inner[] | null;
    total(): number {
      return this.amount;
    }
  }
  const right = {
    amount: 1,
    note: 'kept',
    loose: { size: 1 },
    inner: { size: 1 },
    list: [{ size: 1 }],
    map: new Map([['a', { size: 1 }]]),
    set: new Set([{ size: 1 }]),
    seen: { size: 1 },
    either: [{ size: 1 }],
  };

  it('has instances in fields, lists, maps and sets, whether or not the validator was told, and keeps declared fields that have no rule', () => {
    const made = acceptPayload(Whole, right, where) as Whole;
    expect(made.note).to.equal('kept');
    for (const inner of [
      made.loose,
      made.inner,
      made.list?.[0],
      made.map?.get('a'),
      [...(made.set ?? [])][0],
      made.seen,
      made.either?.[0],
    ])
      expect(inner).to.be.instanceOf(Inner);
  });

  for (const field of ['loose', 'inner', 'seen']) {
    for (const [what, value] of Object.entries({
      'a list': [{ size: 1 }],
      'an empty list': [],
      'a set': new Set([{ size: 1 }]),
      'a map': new Map([['a', { size: 1 }]]),
      'a number': 5,
      'a wrong object': { size: 'x' },
      'an object with more': { size: 1, admin: true },
    })) {
      it(`is refused with ${what} as ${field}, where one object stands`, () =>
        expect(isAccepted(Whole, { ...right, [field]: value })).to.equal(false));
    }
  }
  for (const field of ['list', 'map', 'set', 'either']) {
    for (const [what, value] of Object.entries({
      'one object': { size: 1 },
      'a text': 'x',
      'wrong items':
        field === 'map'
          ? new Map([['a', { size: 'x' }]])
          : field === 'set'
            ? new Set([{ size: 'x' }])
            : [{ size: 'x' }],
      'items that are none': field === 'map' ? new Map([['a', 5]]) : field === 'set' ? new Set([5]) : [null],
    })) {
      it(`is refused with ${what} as ${field}`, () =>
        expect(isAccepted(Whole, { ...right, [field]: value })).to.equal(false));
    }
  }
  for (const key of [
    'hasOwnProperty',
    'toString',
    'valueOf',
    'isPrototypeOf',
    'total',
    '__defineGetter__',
    'toJSON',
    'admin',
  ]) {
    it(`is refused with the key ${key}, and so is a nested one`, () => {
      expect(isAccepted(Whole, { ...right, [key]: 1 })).to.equal(false);
      expect(isAccepted(Whole, { ...right, inner: { size: 1, [key]: 1 } })).to.equal(false);
    });
  }

  it('of a class without rules has no key that is a part of its class', () => {
    class Loose {
      text = '';
      get length(): number {
        return this.text.length;
      }
      set shouted(text: string) {
        this.text = text.toUpperCase();
      }
    }
    expect(acceptPayload(Loose, { text: 'a', more: 1 }, where)).to.deep.include({ text: 'a', more: 1 });
    expect((acceptPayload(Loose, { shouted: 'a' }, where) as Loose).text).to.equal('A');
    for (const key of ['toString', 'length', 'hasOwnProperty'])
      expect(isAccepted(Loose, { [key]: 1 }), key).to.equal(false);
  });

  it('is transformed once, cannot set what its class excludes, and has the names of its class', () => {
    class Edge {
      @IsString() @Transform(({ value }) => (value as string).trim()) name!: string;
      @Exclude() @Allow() admin = false;
      @Expose({ name: 'full_name' }) @Allow() fullName = '';
    }
    expect(acceptPayload(Edge, { name: ' ann ', admin: false, fullName: 'Ann' }, where)).to.deep.include({
      name: 'ann',
      admin: false,
      fullName: 'Ann',
    });
    expect(isAccepted(Edge, { name: 'a', admin: true })).to.equal(false);
    expect(isAccepted(Edge, { name: 5 })).to.equal(false);
    expect(acceptAnswer({ kind: 'payload', type: Edge }, { name: ' ann ', admin: true, fullName: '' }, where))
      .to.be.instanceOf(Edge)
      .and.to.include({ name: ' ann ', admin: true });
  });

  it("is refused when a rule turns out to answer by a promise, also one that fails, which is nobody's unhandled rejection", () => {
    class Promising {
      @IsInt() amount!: number;
      name!: string;
    }
    registerDecorator({
      target: Promising,
      propertyName: 'name',
      validator: { validate: () => Promise.reject(new Error('late')) },
    });
    expect(isAccepted(Promising, { amount: 1, name: 'a' })).to.equal(false);
  });

  it('is refused, and nothing else happens, when its own code throws on what came', () => {
    class Throwing {
      @Allow() set amount(value: number) {
        if (value > 5) throw new RangeError('too large');
      }
    }
    expect(isAccepted(Throwing, { amount: 6 })).to.equal(false);
  });
});

describe('The arguments of a call', () => {
  enum Colour {
    red = 'red',
    blue = 'blue',
  }
  enum Level {
    low,
    high,
  }
  @Actor({ name: 'Someone' })
  class Someone {
    @Handler() async hello(): Promise<void> {}
  }
  class Strict {
    @IsInt() size!: number;
  }
  /** Whether a handler with a parameter of this type and `accepts` takes the arguments. */
  const takes = (
    emitted: unknown,
    accepts: HandlerOptions['accepts'],
    args: readonly unknown[],
    beside: unknown = Object,
  ): boolean => {
    class Taking {
      async take(_one: unknown): Promise<void> {}
      async rest(..._all: unknown[]): Promise<void> {}
      async beside(_one: unknown): Promise<void> {}
    }
    for (const [method, type] of Object.entries({ take: emitted, rest: emitted, beside })) {
      if (type !== 'none') Reflect.defineMetadata('design:paramtypes', [type], Taking.prototype, method);
      const options: HandlerOptions = accepts === undefined || method === 'beside' ? {} : { accepts };
      Handler(type === 'none' && method === 'beside' ? { accepts: unchecked } : options)(
        Taking.prototype,
        method,
        Object.getOwnPropertyDescriptor(Taking.prototype, method) as PropertyDescriptor,
      );
    }
    Actor({ name: 'Taking' })(Taking);
    const handler = describeActors([Taking])
      .get('Taking')
      ?.handlers.get(args.length > 1 ? 'rest' : 'take');
    try {
      acceptArguments(handler as never, args, { describe: () => 'take of spec' });
      return true;
    } catch (error) {
      expect(error).to.have.property('code', 'INVALID_PAYLOAD');
      expect(error).to.have.property('executed', 'no');
      return false;
    }
  };
  const rows: readonly (readonly [
    what: string,
    emitted: unknown,
    accepts: HandlerOptions['accepts'],
    right: readonly unknown[],
    wrong: readonly unknown[],
  ])[] = [
    ['a text', String, undefined, ['', 'a', undefined], [5, null, {}, ['a']]],
    ['a number', Number, undefined, [0, NaN, undefined], ['5', null, 5n]],
    ['a flag', Boolean, undefined, [true, undefined], [1, 'true', null]],
    ['a bigint', BigInt, undefined, [1n], [1, '1']],
    ['a date', Date, undefined, [new Date(0), undefined], ['today', 0, null, { getTime: 1 }]],
    ['a URL', URL, undefined, [new URL('http://a')], ['http://a', {}]],
    ['a buffer', Buffer, undefined, [Buffer.from('a')], [Uint8Array.of(1), 'a', [1]]],
    ['bytes', Uint8Array, undefined, [Uint8Array.of(1), Buffer.from('a')], [Int8Array.of(1), [1]]],
    ['an error', RangeError, undefined, [new RangeError('a')], [new TypeError('a'), { message: 'a' }]],
    [
      'a payload',
      Strict,
      undefined,
      [{ size: 1 }, undefined],
      [{ size: 'x' }, { size: 1, more: 1 }, null, [{ size: 1 }], 5],
    ],
    [
      'a list of which nothing is known',
      Array,
      undefined,
      [[], [1, 'a', [new Date(0)]], undefined],
      ['a', {}, [{ size: 1 }], [[{ size: 1 }]], new Set()],
    ],
    ['a map of which nothing is known', Map, undefined, [new Map([[1, 'a']])], [{}, new Map([[1, { size: 1 }]]), []]],
    ['a set of which nothing is known', Set, undefined, [new Set([1])], [[1], new Set([{ size: 1 }])]],
    ['a value of which nothing is known', Object, undefined, [1, null, { size: 'x' }, [{}], undefined], []],
    [
      'a list of payloads, by the class',
      Array,
      Strict,
      [[{ size: 1 }], []],
      [[{ size: 'x' }], [null], [undefined], { size: 1 }, new Set([{ size: 1 }])],
    ],
    ['a list of payloads, by a list', 'none', [[Strict]], [[{ size: 1 }]], [[{ size: 'x' }], { size: 1 }]],
    ['a list of texts', Array, [listOf(String)], [['a']], [[1], ['a', null]]],
    ['a set of payloads', Set, [setOf(Strict)], [new Set([{ size: 1 }])], [new Set([{ size: 'x' }]), [{ size: 1 }]]],
    [
      'a map of payloads',
      Map,
      [mapOf(String, Strict)],
      [new Map([['a', { size: 1 }]])],
      [new Map([['a', { size: 'x' }]]), new Map([[1, { size: 1 }]])],
    ],
    [
      'a map of payloads, by the class',
      Map,
      Strict,
      [new Map([['a', { size: 1 }]])],
      [new Map([['a', { size: 'x' }]])],
    ],
    ['a payload or null', Object, [nullable(Strict)], [null, undefined, { size: 1 }], [{ size: 'x' }, 5]],
    ['a payload that must be there', Strict, [required(Strict)], [{ size: 1 }], [undefined, null]],
    ['an enum of texts', String, Colour as never, ['red', undefined], ['green', 'Red', 0]],
    ['an enum of numbers', Number, [Level as never], [0, 1], [7, 'low']],
    ['a literal', String, [oneOf('s', 'm')], ['s'], ['xl', null]],
    ['a reference', Someone, undefined, [undefined], [{ size: 1 }, 'Someone/a', 5]],
    ['anything', Object, unchecked, [1, null, { size: 'x' }], []],
  ];
  for (const [what, emitted, accepts, right, wrong] of rows) {
    it(`may be ${what}, and nothing else then`, () => {
      right.forEach((value, index) => expect(takes(emitted, accepts, [value]), `right ${index}`).to.equal(true));
      wrong.forEach((value, index) => expect(takes(emitted, accepts, [value]), `wrong ${index}`).to.equal(false));
    });
  }

  it('are each checked where one parameter takes them all, and are no more than there are parameters elsewhere', () => {
    expect(takes(Strict, undefined, [{ size: 1 }, { size: 2 }, { size: 3 }])).to.equal(true);
    expect(takes(Strict, undefined, [{ size: 1 }, { size: 2 }, { size: 'x' }])).to.equal(false);
    expect(takes(String, undefined, ['a', 1])).to.equal(false);
    class Two {
      async two(_a: string, _b: string): Promise<void> {}
    }
    Reflect.defineMetadata('design:paramtypes', [String, String], Two.prototype, 'two');
    Handler()(Two.prototype, 'two', Object.getOwnPropertyDescriptor(Two.prototype, 'two') as PropertyDescriptor);
    Actor({ name: 'Two' })(Two);
    const handler = describeActors([Two]).get('Two')?.handlers.get('two');
    const accept = (...args: unknown[]) => acceptArguments(handler as never, args, { describe: () => 'two of spec' });
    expect(accept('a', 'b', undefined)).to.have.length(3);
    expect(() => accept('a', 'b', 'c')).to.throw('there are 2 parameters, so nothing would check it');
  });

  it('are no objects of unseen classes in a class that takes payloads with rules', () => {
    for (const [value, isTaken] of [
      [1, true],
      ['a', true],
      [null, true],
      [new Date(0), true],
      [{ size: 1 }, false],
      [[{ size: 1 }], false],
    ] as const) {
      expect(takes(Object, undefined, [value], Strict), String(value)).to.equal(isTaken);
    }
  });
});

describe('An answer', () => {
  const payload = { kind: 'payload', type: Inner } as const;
  it('is made an instance and checked, in a list too, and may be missing', () => {
    expect(acceptAnswer(payload, { size: 1 }, where)).to.be.instanceOf(Inner);
    expect((acceptAnswer(payload, [{ size: 1 }], where) as unknown[])[0]).to.be.instanceOf(Inner);
    for (const value of [null, undefined]) expect(acceptAnswer(payload, value, where)).to.equal(value);
  });

  it('that is not what was declared is refused, and says that the work was done', () => {
    for (const value of [{ size: 'x' }, [{ size: 'x' }], [5], 'text']) {
      expect(() => acceptAnswer(payload, value, where))
        .to.throw('INVALID_PAYLOAD')
        .with.property('executed', 'yes');
    }
  });
});
