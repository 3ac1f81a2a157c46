import { expect } from 'chai';
import fc from 'fast-check';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import type { Serializer } from '../../lib/serialization/serializer';
import { isMoonpoolError } from '../../lib/errors/moonpool-error';
import { isolate } from '../../lib/serialization/value-isolation';
import type { ContractWorld } from 'moonpool/contracts';

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
  // Node.js 24 and later have it.
  'floats of half the size': Reflect.has(globalThis, 'Float16Array')
    ? new (Reflect.get(globalThis, 'Float16Array') as typeof Float32Array)([0.5, -2])
    : Float32Array.of(0.5, -2),
  'a list with a hole of undefined': [1, undefined, [null]],
  'a map with maps in it': new Map([['a', new Map([['b', 1]])]]),
  'a set': new Set(['a', 'b']),
  'half a pair of surrogates': '\ud83d',
  'halves of pairs in keys and texts': {
    '\ud800': ['a\udfff', '\ufffd', '\ud55c\uae00'],
    plain: new Map([['\udc00', 1]]),
  },
  'a buffer': Buffer.from('abc'),
  'an ArrayBuffer': Uint8Array.of(1, 2, 3).buffer,
  'a DataView': new DataView(Uint8Array.of(1, 2, 3).buffer),
  'a regular expression': /a+\/(?<name>b)/giu,
  'a URL': new URL('https://user@example.org:8080/a?b=c#d'),
  'search parameters': new URLSearchParams('a=1&a=2&b=%20'),
  'an object': { amount: 1, note: undefined, nested: { list: [{}] } },
};

class Secretive {
  readonly #balance = 5;
  get balance(): number {
    return this.#balance;
  }
}
class SecretiveList extends Secretive {
  list = [1];
}
const weak = new WeakMap<object, number>();
class Remembering {
  constructor() {
    weak.set(this, 5);
  }
  get balance(): number | undefined {
    return weak.get(this);
  }
}
class PrivateMap extends Map<string, number> {
  readonly #more = 1;
  get more(): number {
    return this.#more;
  }
}

/** What keeps its content where nobody can see it, or beside where it is looked for. */
const secretive: Readonly<Record<string, unknown>> = {
  'an object of a class with private fields': new Secretive(),
  'an object of a class that extends one with private fields': new SecretiveList(),
  'a map of a class with private fields': new PrivateMap(),
  'an object whose class keeps its content elsewhere': new Remembering(),
  headers: new Headers({ a: 'b' }),
  'a blob': new Blob(['abc']),
  'a request': new Request('http://localhost/'),
  'form data': new FormData(),
  'a signal': AbortSignal.abort(),
  'an event': new Event('change'),
  'a weak map': new WeakMap(),
  'a promise': Promise.resolve(1),
  'a boxed text': Object('text'),
  'a boxed number': Object(5),
  'a boxed boolean': Object(true),
  'a boxed bigint': Object(5n),
  'a boxed symbol': Object(Symbol('s')),
  'a shared buffer': new SharedArrayBuffer(4),
  'an iterator of a list': [1][Symbol.iterator](),
  'an iterator of a map': new Map([[1, 1]]).entries(),
  'an iterator of a text': 'abc'[Symbol.iterator](),
  'a generator': (function* () {
    yield 1;
  })(),
  'an asynchronous generator': (async function* () {
    yield 1;
  })(),
  'a number format': new Intl.NumberFormat('en'),
  'a proxy that shows nothing': new Proxy({ secret: 1 }, { ownKeys: () => [] }),
  'a proxy of a map': new Proxy(new Map([[1, 1]]), {}),
  'a map without its class': Object.setPrototypeOf(new Map([[1, 1]]), null),
  'a date without its class': Object.setPrototypeOf(new Date(0), Object.prototype),
  'what only looks like a map': Object.create(Map.prototype),
  'an object that inherits from another': Object.create({ inherited: 1 }),
  'an object with a symbol as a key': { [Symbol('hidden')]: 1, shown: 2 },
  'an object whose fields cannot be listed': Object.defineProperty({}, 'hidden', { value: 1 }),
  'a list with a field': Object.assign([1, 2], { total: 3 }),
  'a long list with a field': Object.assign(
    Array.from({ length: 1_000 }, () => 1),
    { total: 3 },
  ),
  'a match': 'abc'.match(/b/),
  'a map with a field': Object.assign(new Map([[1, 2]]), { total: 3 }),
  'a set with a field': Object.assign(new Set([1]), { total: 3 }),
  'a date with a field': Object.assign(new Date(0), { zone: 'UTC' }),
  'bytes with a field': Object.assign(Uint8Array.of(1), { total: 3 }),
  'an error that holds a function': Object.assign(new Error('e'), { retry: () => 1 }),
};

/** What every serializer does, whoever wrote it. Run it with your own. */
export function describeSerializerContract(name: string, world: ContractWorld<Serializer>): void {
  describe(name, () => {
    for (const [what, value] of Object.entries(samples)) {
      it(`brings back ${what}`, () =>
        world.run(async (serializer) => void expect(roundTrip(serializer, value)).to.deep.equal(value)));
    }

    it('brings back errors with what they hold, and without their stacks', () =>
      world.run(async (serializer) => {
        const cause = Object.assign(new TypeError('inner'), { status: 404, at: new Date(5) });
        const error = Object.assign(new AggregateError([new RangeError('first'), 'second'], 'outer', { cause }), {
          list: [new SyntaxError('in a list')],
        });
        const back = roundTrip(serializer, { error }) as { error: typeof error };
        expect(back.error)
          .to.be.instanceOf(AggregateError)
          .and.to.include({ message: 'outer', name: 'AggregateError' });
        expect(back.error.errors[0]).to.be.instanceOf(RangeError).and.to.include({ message: 'first' });
        expect(back.error.errors[1]).to.equal('second');
        expect(back.error.cause).to.be.instanceOf(TypeError).and.to.include({ message: 'inner', status: 404 });
        expect((back.error.cause as typeof cause).at).to.deep.equal(new Date(5));
        expect(back.error.list[0]).to.be.instanceOf(SyntaxError);
        expect(bytesOf(serializer, error).toString('latin1')).not.to.contain('.spec.');
      }));

    for (const [what, value] of Object.entries(secretive)) {
      it(`refuses ${what}, and never takes it for an empty object`, () =>
        world.run(async (serializer) => {
          for (const place of [value, [value], { in: value }, new Map([['in', value]])]) {
            expect(() => serializer.write(place, new ByteWriter()))
              .to.throw()
              .with.property('code', 'UNSERIALIZABLE_VALUE');
            expect(() => isolate(place))
              .to.throw()
              .with.property('code', 'UNSERIALIZABLE_VALUE');
          }
        }));
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
          expect(() => serializer.write(value, new ByteWriter()), key)
            .to.throw()
            .with.property('code', 'UNSERIALIZABLE_VALUE');
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
