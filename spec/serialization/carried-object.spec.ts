import { expect } from 'chai';
import fc from 'fast-check';
import { runInNewContext } from 'node:vm';
import { MsgpackrSerializer } from '../../lib/engines/msgpackr/msgpackr-serializer';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { kindOf } from '../../lib/serialization/carried-object';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import type { Serializer } from '../../lib/serialization/serializer';
import { isolate } from '../../lib/serialization/value-isolation';

const bytesAndBack = (serializer: Serializer, value: unknown): unknown => {
  const writer = new ByteWriter();
  serializer.write(value, writer);
  return serializer.read(writer.take());
};
/** What each way makes of the value: the same for all, or a refusal for all. */
const ways: readonly ((value: unknown) => unknown)[] = [
  isolate,
  ...[new JsonSerializer(), new MsgpackrSerializer()].map(
    (serializer) => (value: unknown) => bytesAndBack(serializer, value),
  ),
];

describe('An object that is carried', () => {
  it('is told by what it is, and not by what it says or where it was made', () => {
    const foreign = (code: string): object => runInNewContext(code) as object;
    const kinds = {
      '[1]': 'array',
      '({ a: 1 })': 'record',
      'new Date(0)': 'date',
      'new Map()': 'map',
      'new Set()': 'set',
      'Uint8Array.of(1)': 'typed array',
      '/a/': 'regexp',
      'new RangeError("x")': 'error',
      'new ArrayBuffer(1)': 'array buffer',
    };
    for (const [code, kind] of Object.entries(kinds)) expect(kindOf(foreign(code)), code).to.equal(kind);
    expect(kindOf({ constructor: Map, [Symbol.toStringTag]: 'Map' })).to.equal('record');
  });

  it('is plain data when its class keeps everything in fields, whatever its text looks like', () => {
    class Coloured {
      colour = '#fff;';
      // #note; what a comment says is no field
      pattern = '/* #a; */';
      url = `
#name;
`;
      /*
#b;
      */
      static readonly #count = 1;
      private hidden = 2;
      #method(): number {
        return this.hidden + Coloured.#count;
      }
      get total(): number {
        return this.#method();
      }
    }
    const plain = { colour: '#fff;', pattern: '/* #a; */', url: '\n#name;\n', hidden: 2 };
    for (const way of ways) expect(way(new Coloured())).to.deep.equal(plain);
    class Empty {}
    for (const way of ways) expect(way(new Empty())).to.deep.equal({});
  });

  it('of a proxy is what it shows', () => {
    const watched = new Proxy({ a: 1, list: new Proxy([1, 2], {}) }, {});
    for (const way of ways) expect(way(watched)).to.deep.equal({ a: 1, list: [1, 2] });
  });

  it('is carried alike by every way, or refused alike', () => {
    const text = fc.string({
      unit: fc.oneof(
        fc.constantFrom('a', '$', '\ud83d', '\ude00', '\ufffd', '\u00ed', 'é', '\ud55c', '\0'),
        fc.string({ maxLength: 1 }),
      ),
      maxLength: 40,
    });
    const leaf = fc.oneof(
      text,
      fc.double(),
      fc.bigInt(),
      fc.date({ noInvalidDate: false }),
      fc.uint8Array().map((bytes) => Buffer.from(bytes)),
      fc.uint8Array(),
      fc.constantFrom<unknown>(
        undefined,
        null,
        /a[b]/gs,
        new URL('http://a.b/c?d'),
        new URLSearchParams('a=1'),
        new RangeError('r'),
        new Float32Array([1.5, NaN]),
        () => 1,
        Object(1),
        new Blob([]),
      ),
    );
    const value = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('any'), { maxLength: 4 }),
        fc.dictionary(text, tie('any'), { maxKeys: 4, noNullPrototype: true }),
        fc.array(fc.tuple(tie('any'), tie('any')), { maxLength: 3 }).map((entries) => new Map(entries)),
        fc.array(tie('any'), { maxLength: 3 }).map((items) => new Set(items)),
        tie('any').map((inner) => Object.assign(new Error('e', { cause: inner }), { inner })),
      ),
    })).any;
    let carried = 0;
    fc.assert(
      fc.property(value, (drawn) => {
        const outcomes = ways.map((way) => {
          try {
            return { made: way(drawn) };
          } catch (error) {
            return { refused: (error as { code: string }).code };
          }
        });
        for (const outcome of outcomes) expect(outcome).to.deep.equal(outcomes[0]);
        if ('made' in (outcomes[0] as object)) carried++;
      }),
      { numRuns: 1_000, seed: 7 },
    );
    expect(carried).to.be.greaterThan(300);
  });
});
