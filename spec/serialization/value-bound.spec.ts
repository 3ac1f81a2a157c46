import { expect } from 'chai';
import fc from 'fast-check';
import { MsgpackrSerializer } from '../../lib/engines/msgpackr/msgpackr-serializer';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { boundOf } from '../../lib/serialization/value-bound';
import { Isolation } from '../../lib/serialization/value-isolation';

const SERIALIZERS = [new JsonSerializer(), new MsgpackrSerializer()];

function largestOf(value: unknown): number {
  return Math.max(
    ...SERIALIZERS.map((serializer) => {
      const into = new ByteWriter();
      serializer.write(value, into);
      return into.length;
    }),
  );
}

/** Text of which each letter takes the most bytes that it can: escapes, halves of letters, letters of three and of four bytes. */
const text = fc.string({
  unit: fc.constantFrom('a', '"', '\\', '\u0000', '\u001f', '\ud800', '\udc00', 'ä', '語', '\u{1f9c0}', '$'),
  maxLength: 40,
});

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.bigInt(),
    fc.constantFrom<unknown>(null, undefined, -0, Number.NaN, Number.MIN_VALUE, -Number.MAX_VALUE),
    fc.date({ noInvalidDate: false }),
    fc.uint8Array({ maxLength: 20 }),
    fc.float64Array({ maxLength: 5 }),
    fc.constant(new DataView(new ArrayBuffer(7))),
    fc.constant(new ArrayBuffer(9)),
    fc.constant(Buffer.from('bytes')),
    fc.constant(/"\\ä/giu),
    fc.constant(new URL('http://host/ä?"')),
    fc.constant(new URLSearchParams('a=ä&b="')),
    text.map((message) => Object.assign(new TypeError(message, { cause: new Error(message) }), { code: message })),
    text.map((message) => new AggregateError([new Error(message), message], message)),
    fc.array(tie('value'), { maxLength: 6 }),
    fc.dictionary(
      text.filter((key) => !['__proto__', 'constructor', 'prototype'].includes(key)),
      tie('value'),
      { maxKeys: 6 },
    ),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 4 }).map((items) => new Set(items)),
  ),
}));

describe('The bound of a value', () => {
  it('is never below what any serializer makes of it', () => {
    fc.assert(
      fc.property(value, (found) => {
        expect(boundOf(found, Number.POSITIVE_INFINITY)).to.be.at.least(largestOf(found));
      }),
      { numRuns: 2_000 },
    );
  });

  it('is known when it has been copied, without looking at it again', () => {
    fc.assert(
      fc.property(fc.array(value, { maxLength: 3 }), (found) => {
        const isolation = new Isolation();
        const copy = isolation.copyOfItems(found);
        expect(isolation.bytes).to.equal(boundOf(copy, Number.POSITIVE_INFINITY));
      }),
      { numRuns: 1_000 },
    );
  });

  it('is not looked for further than to the limit', () => {
    let asked = 0;
    const item = {
      get field(): string {
        asked++;
        return 'x'.repeat(100);
      },
    };
    expect(
      boundOf(
        Array.from({ length: 1_000 }, () => item),
        5_000,
      ),
    ).to.be.above(5_000);
    expect(asked).to.be.below(20);
  });
});
