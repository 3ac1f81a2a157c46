import { expect } from 'chai';
import fc from 'fast-check';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { JsonSerializer } from '../../lib/serialization/json-serializer';
import { isolate } from '../../lib/serialization/value-isolation';

const serializer = new JsonSerializer();

function bytesOf(value: unknown): Buffer {
  const writer = new ByteWriter();
  serializer.write(value, writer);
  return writer.take();
}

const roundTrip = (value: unknown) => serializer.read(bytesOf(value));

const safeKey = fc.string().filter((key) => !['__proto__', 'constructor', 'prototype', 'toJSON'].includes(key));

const anyValue = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constantFrom(undefined, null, true, false, NaN, Infinity, -Infinity, -0),
    fc.integer(),
    fc.double(),
    fc.string({ unit: 'binary' }),
    fc.bigInt(),
    fc.date({ noInvalidDate: false }),
    fc.uint8Array(),
    fc.float64Array(),
    fc.array(tie('value'), { maxLength: 5 }),
    fc.dictionary(fc.oneof(safeKey, fc.constant('$')), tie('value'), { maxKeys: 5, noNullPrototype: true }),
    fc.array(fc.tuple(fc.string(), tie('value')), { maxLength: 4 }).map((entries) => new Map(entries)),
    fc.array(fc.string(), { maxLength: 4 }).map((items) => new Set(items)),
  ),
})).value;

describe('The JSON serializer', () => {
  it('brings every value back that it carries', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(roundTrip(value)).to.deep.equal(value);
      }),
    );
  });

  it('carries exactly what a call within one node carries', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(isolate(value)).to.deep.equal(roundTrip(value));
      }),
    );
  });

  it('carries instances of classes as plain data', () => {
    class Point {
      x = 1;
      y = new Date(5);
    }
    expect(roundTrip(new Point())).to.deep.equal({ x: 1, y: new Date(5) });
  });

  for (const [name, value] of Object.entries({
    'a function': { call: () => 1 },
    'a symbol': [Symbol('x')],
    'a promise': Promise.resolve(1),
  })) {
    it(`refuses ${name} and says so, far and near`, () => {
      expect(() => bytesOf(value))
        .to.throw('UNSERIALIZABLE_VALUE')
        .with.property('message')
        .that.contains(name);
      expect(() => isolate(value)).to.throw('UNSERIALIZABLE_VALUE');
    });
  }

  const tooLarge: Record<string, unknown> = {
    'an array of 100001 items': [new Array(100_001).fill(1)],
    'a map of 100001 items': new Map(Array.from({ length: 100_001 }, (_, index) => [index, 1])),
    'of 100001 items': new Set(Array.from({ length: 100_001 }, (_, index) => index)),
    'an object of 1001 keys': Object.fromEntries(Array.from({ length: 1_001 }, (_, index) => [`k${index}`, 1])),
    'an object with the key constructor': { words: { constructor: 1 } },
    'an object with the key __proto__': JSON.parse('{"$":1,"__proto__":{"admin":true}}'),
  };
  for (const [name, value] of Object.entries(tooLarge)) {
    it(`refuses to write what it would refuse to read, far and near: ${name}`, () => {
      expect(() => bytesOf(value))
        .to.throw('UNSERIALIZABLE_VALUE')
        .with.property('message')
        .that.contains(name);
      expect(() => isolate(value))
        .to.throw('UNSERIALIZABLE_VALUE')
        .with.property('message')
        .that.contains(name);
    });
  }

  it('brings back what is as large as it may be', () => {
    const map = new Map(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index]));
    const bigint = 10n ** 4_095n;
    expect(roundTrip(map)).to.deep.equal(map);
    expect(roundTrip({ constructorName: 1, bigint })).to.deep.equal({ constructorName: 1, bigint });
    expect(() => bytesOf(10n ** 4_096n)).to.throw('UNSERIALIZABLE_VALUE');
  });

  it('refuses values that hold themselves', () => {
    const loop: Record<string, unknown> = {};
    loop['self'] = loop;
    expect(() => bytesOf(loop)).to.throw('UNSERIALIZABLE_VALUE');
    expect(() => isolate(loop)).to.throw('UNSERIALIZABLE_VALUE');
  });

  for (const key of ['__proto__', 'constructor', 'prototype']) {
    it(`refuses received data with the key ${key}, however it is written`, () => {
      for (const text of [
        `{"${key}":{"admin":true}}`,
        `[{"a":{"${key}":1}}]`,
        `{"$":"object","value":[["${key}",1]]}`,
      ]) {
        expect(() => serializer.read(Buffer.from(text)), text).to.throw('MALFORMED_PAYLOAD');
      }
      expect(({} as { admin?: boolean }).admin).to.equal(undefined);
    });
  }

  it('answers any bytes with a value or with MALFORMED_PAYLOAD, and nothing else', () => {
    const seeds = [
      '{"$":"map","value":[[1,2]]}',
      '{"$":"Uint8Array","value":"AAAA"}',
      '{"$":"bigint","value":"12"}',
      '[1,{"a":null}]',
    ];
    const mutated = fc
      .tuple(fc.constantFrom(...seeds), fc.nat(), fc.integer({ min: 0, max: 255 }))
      .map(([text, place, byte]) => {
        const bytes = Buffer.from(text);
        bytes[place % bytes.length] = byte;
        return bytes;
      });
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array(), mutated), (bytes) => {
        try {
          serializer.read(bytes);
        } catch (error) {
          expect(error).to.have.property('code', 'MALFORMED_PAYLOAD');
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
