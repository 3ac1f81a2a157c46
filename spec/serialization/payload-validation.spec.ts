import 'reflect-metadata';
import { expect } from 'chai';
import { Type } from 'class-transformer';
import { Allow, ArrayMaxSize, IsInt, IsOptional, IsString, Length, Max, Min, validateSync, ValidateNested } from 'class-validator';
import fc from 'fast-check';
import { acceptPayload } from '../../lib/serialization/payload-validation';

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
  const anyValue = fc.oneof(fc.integer({ min: -2, max: 12 }), fc.double(), fc.string({ maxLength: 4 }), fc.constant(null), fc.constant(undefined), fc.array(fc.integer(), { maxLength: 3 }));
  const someOf = (...keys: readonly string[]) => fc.dictionary(fc.constantFrom(...keys), anyValue, { noNullPrototype: true });

  it('is accepted by the quick check exactly when class-validator accepts it', () => {
    let accepted = 0;
    fc.assert(
      fc.property(someOf('count', 'note', 'anything', 'unknown'), fc.integer({ min: -1, max: 11 }), fc.boolean(), (drawn, count, isLikelyRight) => {
        const value = isLikelyRight ? { ...drawn, count } : drawn;
        const instance = Object.assign(new Plain(), value);
        const errors = validateSync(instance, { whitelist: true, forbidNonWhitelisted: true, forbidUnknownValues: true });
        expect(isAccepted(Plain, value)).to.equal(errors.length === 0);
        if (errors.length === 0) accepted++;
      }),
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
    expect(acceptPayload(Unruled, {}, where)).to.be.instanceOf(Unruled).and.to.include({ level: 1 });
  });

  for (const value of [undefined, null, 5, 'text', [1]]) {
    it(`is an object, and not ${JSON.stringify(value) ?? 'undefined'}`, () => expect(isAccepted(Plain, value)).to.equal(false));
  }
});
