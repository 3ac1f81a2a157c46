import { expect } from 'chai';
import { MsgpackrSerializer } from '../../lib/engines/msgpackr/msgpackr-serializer';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { leastSize } from '../../lib/serialization/least-size';

const LIMIT = 1_000_000;
const LONG = 'x'.repeat(LIMIT);

/** Values that have no room, each with something at its end that no serializer takes: who comes so far fails by that. */
const TOO_LARGE: Readonly<Record<string, unknown>> = {
  'a list of texts': [LONG, 'y', () => undefined],
  'many small items': Array.from({ length: 90_000 }, (_, id) => ({
    id,
    name: `item ${id}`,
    last: id === 89_999 ? () => undefined : id,
  })),
  fields: { first: LONG, second: LONG, last: () => undefined },
  'long keys': { [LONG]: 1, last: () => undefined },
  'a map': new Map<unknown, unknown>([
    ['a', LONG],
    ['b', () => undefined],
  ]),
  'a set': new Set<unknown>([LONG, 'y', () => undefined]),
  bytes: [Buffer.alloc(LIMIT), () => undefined],
  numbers: [new Float64Array(LIMIT / 8), () => undefined],
  'an array buffer': [new ArrayBuffer(LIMIT), () => undefined],
  'something deep': { a: { b: { c: [{ d: LONG }, () => undefined] } } },
};

const ROOMY: readonly unknown[] = [
  1,
  true,
  null,
  undefined,
  'text',
  '',
  [],
  {},
  [1, 2, 3],
  { a: 1, b: 'two' },
  new Date(0),
  123n,
  new Map([['a', 1]]),
  new Set(['a', 2]),
  Buffer.from('abc'),
  new Uint16Array(3),
  /x/g,
  new URL('https://a.b/c'),
  [[[[]]]],
  { deep: { deeper: { deepest: 'ä€😀' } } },
  [undefined, Number.NaN, -0],
  new Error('no'),
  new ArrayBuffer(4),
];

describe('The least size of a value', () => {
  for (const serializer of [new JsonSerializer(), new MsgpackrSerializer()]) {
    describe(`for ${serializer.contentType}`, () => {
      for (const [what, value] of Object.entries(TOO_LARGE)) {
        it(`shows that ${what} will have no room, before it is encoded`, () => {
          const into = new ByteWriter();
          into.limitTo(LIMIT - 100);
          expect(() => serializer.write(value, into)).to.throw(
            /^PACKET_TOO_LARGE: A packet of at least \d+ bytes is too large: the limit is 999900\./,
          );
          expect(into.length).to.equal(0);
        });
      }

      it('is never more than is written', () => {
        for (const value of ROOMY) {
          const into = new ByteWriter();
          serializer.write(value, into);
          expect(leastSize(value, LIMIT), String(JSON.stringify(String(value)))).to.be.at.most(into.length);
        }
      });

      it('counts what was written before, from where the limit began', () => {
        const into = new ByteWriter();
        into.text('behind it');
        into.limitTo(100);
        into.text('x'.repeat(50));
        serializer.write({ a: 'y'.repeat(30) }, into);
        expect(() => serializer.write({ a: 'y'.repeat(30) }, into)).to.throw('PACKET_TOO_LARGE');
      });
    });
  }
});
