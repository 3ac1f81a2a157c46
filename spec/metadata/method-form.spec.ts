import { expect } from 'chai';
import { formOfMethod } from '../../lib/metadata/method-form';

describe('The form of a method', () => {
  class Methods {
    none(): void {}
    two(_a: number, _b: string): void {}
    rest(_a: number, ..._more: string[]): void {}
    defaults(_a = 5, _b = 'a, b) ...', _c = [1, 2, ...[3]], _d = /[),]...\)/.source): void {}
    patterns({ a, ...others }: Record<string, unknown>, [_first, ...last]: readonly unknown[] = [1, 2]): unknown {
      return [a, others, last];
    }
    callback(_a = (one: number, ...rest: number[]) => one + rest.length, ..._b: unknown[]): void {}
    // oxlint-disable-next-line no-inline-comments -- comments are what is looked at
    comments(_a: number /* , b ) */, ..._c: unknown[]): void {}
    async later(_a: number): Promise<void> {}
    ['computed name'](_a: number): void {}
  }
  const formOf = (name: string) =>
    formOfMethod(
      (Methods.prototype as unknown as Record<string, (...args: never[]) => unknown>)[name] as (
        ...args: never[]
      ) => unknown,
    );
  const expected: Readonly<Record<string, readonly [count: number, restIndex: number | undefined]>> = {
    none: [0, undefined],
    two: [2, undefined],
    rest: [2, 1],
    defaults: [4, undefined],
    patterns: [2, undefined],
    callback: [2, 1],
    comments: [2, 1],
    later: [1, undefined],
    'computed name': [1, undefined],
  };
  for (const [name, [count, restIndex]] of Object.entries(expected)) {
    it(`of ${name} is read from its text`, () => expect(formOf(name)).to.deep.equal({ count, restIndex }));
  }

  it('of a function without a text is its length', () => {
    expect(formOfMethod(Math.max)).to.deep.equal({ count: Math.max.length, restIndex: undefined });
    expect(formOfMethod(Buffer.from.bind(Buffer))).to.include({ restIndex: undefined });
  });
});
