import { expect } from 'chai';
import fc from 'fast-check';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { toTagged } from '../../lib/serialization/tagged-value';
import { isolated, uncarried, uncarriedArguments, type Carrier } from '../../lib/serialization/uncarried-value';

const CARRIERS: readonly (readonly [name: string, carrier: Carrier])[] = [
  ['a copy', isolated],
  ['the serializer', toTagged],
];

const keys = fc.string().filter((key) => !['__proto__', 'constructor', 'prototype', '$'].includes(key));
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.integer(),
    fc.array(tie('tree'), { maxLength: 4 }),
    fc.dictionary(keys, tie('tree'), { maxKeys: 4 }),
  ),
}));

function said(value: unknown, carrier: Carrier): string {
  try {
    carrier(value);
  } catch (error) {
    return (uncarried('It', value, error, carrier) as MoonpoolError).detail;
  }
  return 'It was carried';
}

/** Follows a path as a program would. */
function follow(root: unknown, path: string): unknown {
  return (new Function('root', `return root${path.startsWith('[') ? '' : '.'}${path}`) as (root: unknown) => unknown)(
    root,
  );
}

for (const [name, carrier] of CARRIERS) {
  describe(`What ${name} cannot carry`, () => {
    it('is found wherever it stands, and the path to it is one that can be followed', () => {
      fc.assert(
        fc.property(tree, fc.array(fc.oneof(keys, fc.nat(3)), { maxLength: 6 }), (before, steps) => {
          const secret = (): number => 1;
          const value = steps.reduceRight<unknown>(
            (inner, step) =>
              typeof step === 'string'
                ? { first: before, [step]: inner }
                : [...Array<unknown>(step).fill(before), inner],
            secret,
          );
          const detail = said(value, carrier);
          if (steps.length === 0) {
            expect(detail).to.equal('It is a function');
            return;
          }
          const path = /^It holds a function at (.*)$/s.exec(detail)?.[1];
          expect(follow(value, path as string)).to.equal(secret);
        }),
        { numRuns: 300 },
      );
    });

    it('is told for maps and sets, for promises, and for what is too large', () => {
      expect(
        said(
          new Map<unknown, unknown>([
            ['a', 1],
            ['b', [Symbol('s')]],
          ]),
          carrier,
        ),
      ).to.equal('It holds a symbol at get("b")[0]');
      expect(said({ map: new Map([[() => 1, 1]]) }, carrier)).to.equal('It holds a function at map.keys()[0]');
      expect(said({ set: new Set([1, { f: () => 1 }]) }, carrier)).to.equal('It holds a function at set.values()[1].f');
      expect(said([Promise.resolve(1)], carrier)).to.equal('It holds a promise (was an await forgotten?) at [0]');
      expect(said({ shared: new SharedArrayBuffer(1) }, carrier)).to.equal(
        'It holds an object of SharedArrayBuffer, whose content cannot be seen from outside at shared',
      );
      expect(said({ all: Array.from({ length: 100_001 }, () => 1) }, carrier)).to.equal(
        'It holds an array of 100001 items; the limit is 100000 at all',
      );
    });

    it('is refused when it is a circle or too deep, and is no circle because a part stands in it twice', () => {
      const circle: { a: { b?: unknown }[] } = { a: [{}] };
      (circle.a[0] as { b?: unknown }).b = circle.a;
      expect(said(circle, carrier)).to.equal('It refers to itself at a[0].b');
      const deep = (levels: number, end: unknown): unknown =>
        Array.from({ length: levels }).reduce((inner) => ({ in: inner }), end);
      expect(said(deep(40, 1), carrier)).to.equal('It holds objects nested deeper than 32');
      expect(said(deep(100_000, 1), carrier)).to.equal('It holds objects nested deeper than 32');
      const part = { x: 1 };
      expect(said([part, part, deep(40, part)], carrier)).to.equal('It holds objects nested deeper than 32');
    });

    it('is told also where it does not let itself be looked through', () => {
      const trap = (): never => {
        throw new Error('asked');
      };
      const iterated = Object.defineProperty(new Map([[1, 2]]), Symbol.iterator, { value: trap });
      for (const value of [
        new Proxy({}, { ownKeys: trap }),
        new Proxy({}, { getPrototypeOf: trap }),
        new Proxy({ a: 1 }, { getOwnPropertyDescriptor: trap }),
        iterated,
      ]) {
        expect(said(value, carrier)).to.equal('It is something that cannot be read (asked)');
        expect(said([1, { a: value }], carrier)).to.equal('It holds something that cannot be read (asked) at [1].a');
      }
    });

    it('gives other errors of ours back as they are, and stands before those of others', () => {
      const ours = new MoonpoolError('PACKET_TOO_LARGE', { message: 'other' });
      expect(uncarried('It', 1, ours, carrier)).to.equal(ours);
      const error = new RangeError('other');
      for (const refusal of [uncarried('It', 1, error, carrier), uncarriedArguments('it', [1], error, carrier)])
        expect(refusal).to.include({ detail: 'It could not be written: other', executed: 'no', cause: error });
    });
  });
}
