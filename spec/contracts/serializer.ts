import { expect } from 'chai';
import fc from 'fast-check';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import type { Serializer } from '../../lib/serialization/serializer';
import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import type { ContractWorld } from './contract-world';

const samples: Readonly<Record<string, unknown>> = {
  undefined,
  null: null,
  'not a number': NaN,
  'minus zero': -0,
  infinity: -Infinity,
  'a text with every kind of character': 'a\u0000\u00e9\u{1f300}"\\$',
  'a large integer': 12345678901234567890n,
  'a date': new Date(86_400_000),
  'an invalid date': new Date(NaN),
  bytes: Uint8Array.of(0, 1, 255),
  floats: Float64Array.of(0.5, -1),
  'a list with a hole of undefined': [1, undefined, [null]],
  'a map with maps in it': new Map([['a', new Map([['b', 1]])]]),
  'a set': new Set(['a', 'b']),
  'an object': { amount: 1, note: undefined, nested: { list: [{}] } },
};

/** What every serializer does, whoever wrote it. Run it with your own. */
export function describeSerializerContract(name: string, world: ContractWorld<Serializer>): void {
  describe(name, () => {
    for (const [what, value] of Object.entries(samples)) {
      it(`brings back ${what}`, () => world.run(async (serializer) => void expect(roundTrip(serializer, value)).to.deep.equal(value)));
    }

    it('writes behind what was written before, and reads exactly its own bytes', () =>
      world.run(async (serializer) => {
        const writer = new ByteWriter();
        writer.text('before');
        serializer.write({ amount: 1 }, writer);
        const all = writer.take();
        expect(all.toString('utf8', 0, 6)).to.equal('before');
        expect(serializer.read(all.subarray(6))).to.deep.equal({ amount: 1 });
      }));

    it('refuses what cannot be carried', () =>
      world.run(async (serializer) => {
        expect(() => serializer.write({ list: [1, () => undefined] }, new ByteWriter()))
          .to.throw()
          .with.property('code', 'UNSERIALIZABLE_VALUE');
      }));

    it('refuses keys that reach the prototype', () =>
      world.run(async (serializer) => {
        for (const key of ['__proto__', 'constructor', 'prototype']) {
          const value: object = JSON.parse(`{"${key}":{"polluted":true}}`);
          expect(() => serializer.write(value, new ByteWriter()), key).to.throw().with.property('code', 'UNSERIALIZABLE_VALUE');
        }
        expect({}).not.to.have.property('polluted');
      }));

    it('answers any bytes with a value or with MALFORMED_PAYLOAD, and changes no prototype', () =>
      world.run(async (serializer) => {
        const before = Object.getOwnPropertyNames(Object.prototype).length;
        fc.assert(
          fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
            try {
              serializer.read(bytes);
            } catch (error) {
              expect(isMoonpoolError(error, 'MALFORMED_PAYLOAD'), String(error)).to.equal(true);
            }
          }),
          { seed: 4, numRuns: 500 },
        );
        expect(Object.getOwnPropertyNames(Object.prototype)).to.have.length(before);
      }));

    it('answers damaged bytes of its own in the same way', () =>
      world.run(async (serializer) => {
        const whole = bytesOf(serializer, samples['an object']);
        for (let at = 0; at < whole.length; at++) {
          const damaged = Buffer.from(whole);
          damaged[at] = (damaged[at] ?? 0) ^ 0x24;
          for (const bytes of [damaged, whole.subarray(0, at)]) {
            try {
              serializer.read(bytes);
            } catch (error) {
              expect(isMoonpoolError(error, 'MALFORMED_PAYLOAD'), String(error)).to.equal(true);
            }
          }
        }
      }));
  });
}

function bytesOf(serializer: Serializer, value: unknown): Buffer {
  const writer = new ByteWriter();
  serializer.write(value, writer);
  return writer.take();
}

function roundTrip(serializer: Serializer, value: unknown): unknown {
  return serializer.read(bytesOf(serializer, value));
}
