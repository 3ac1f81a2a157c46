import { expect } from 'chai';
import { inspect } from 'node:util';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { ByteWriter } from '../../lib/serialization/byte-writer';
import { describeError, packError, restoreError, unpackError } from '../../lib/serialization/error-codec';
import { JsonSerializer } from '../../lib/serialization/json-serializer';

const serializer = new JsonSerializer();
/** As a near caller, a far one, and the other side of a thread get it. */
const ways: readonly ((thrown: unknown) => Error)[] = [
  (thrown) => restoreError(describeError(thrown)),
  (thrown) => {
    const writer = new ByteWriter();
    serializer.write(describeError(thrown), writer);
    return restoreError(serializer.read(writer.take()));
  },
  (thrown) => unpackError(structuredClone(packError(thrown))),
];

/** As `using` makes it where Node.js has the class, and as compilers make it where it has not. */
function suppressing(error: unknown, suppressed: unknown): Error {
  return typeof SuppressedError === 'function'
    ? new SuppressedError(error, suppressed, 'both')
    : Object.assign(new Error('both'), { name: 'SuppressedError', error, suppressed });
}

describe('An error on its way', () => {
  for (const [name, way] of ways.entries()) {
    const arrives = (title: string, body: (way: (thrown: unknown) => Error & Record<string, unknown>) => void): void =>
      void it(`${title} (${['to a near caller', 'to a far caller', 'between threads'][name]})`, () =>
        body(way as never));

    arrives('keeps its standard class, its own name, its fields and what is in them', (carry) => {
      class Overdrawn extends RangeError {
        override readonly name = 'Overdrawn';
        constructor(
          readonly missing: bigint,
          readonly at: Date,
        ) {
          super('too few');
        }
      }
      const error = carry(new Overdrawn(5n, new Date(7)));
      expect(error).to.be.instanceOf(RangeError).and.to.include({ name: 'Overdrawn', message: 'too few', missing: 5n });
      expect(error['at']).to.deep.equal(new Date(7));
      expect(carry(Object.assign(new Error('no file'), { code: 'ENOENT' }))).to.include({ code: 'ENOENT' });
    });

    arrives('keeps inner errors, causes of any kind, and errors in its fields', (carry) => {
      const both = carry(
        new AggregateError([new RangeError('first'), 'second'], 'both', { cause: { status: 404 } }),
      ) as unknown as AggregateError;
      expect(both).to.be.instanceOf(AggregateError);
      expect(both.errors[0]).to.be.instanceOf(RangeError).and.to.include({ message: 'first' });
      expect(both.errors[1]).to.equal('second');
      expect(both.cause).to.deep.equal({ status: 404 });
      expect(carry(new Error('outer', { cause: 'because' })).cause).to.equal('because');
      const fields = carry(
        Object.assign(new Error('outer'), {
          inner: new TypeError('in'),
          deep: { list: [new MoonpoolError('CALL_TIMEOUT', { message: 'Late', executed: 'no' })] },
        }),
      );
      expect(fields['inner']).to.be.instanceOf(TypeError);
      expect((fields['deep'] as { list: unknown[] }).list[0]).to.include({
        code: 'CALL_TIMEOUT',
        executed: 'no',
        detail: 'Late',
      });
    });

    arrives('keeps what `using` has thrown, and what that has covered', (carry) => {
      const error = carry(suppressing(new RangeError('at its end'), new TypeError('within')));
      expect(error).to.include({ name: 'SuppressedError', message: 'both' });
      expect(error['error']).to.be.instanceOf(RangeError).and.to.include({ message: 'at its end' });
      expect(error['suppressed']).to.be.instanceOf(TypeError).and.to.include({ message: 'within' });
      if (typeof SuppressedError === 'function') expect(error).to.be.instanceOf(SuppressedError);
      expect(carry(suppressing('a text', undefined))['error']).to.equal('a text');
    });

    arrives('keeps what is no list under the name of inner errors, as errors of validation have it', (carry) => {
      for (const errors of [{ email: { kind: 'required' } }, new Map([['a', 1]]), 'none'])
        expect(carry(Object.assign(new Error('invalid'), { errors }))['errors']).to.deep.equal(errors);
      const listed = carry(Object.assign(new Error('refused'), { errors: [{ message: 'by the server' }] }));
      expect(listed['errors']).to.deep.equal([{ message: 'by the server' }]);
    });

    arrives('is a MoonpoolError again, with what is behind it', (carry) => {
      const cause = new MoonpoolError('STORAGE_UNAVAILABLE', {
        message: 'No disk',
        executed: 'maybe',
        cause: new Error('EIO'),
      });
      const error = carry(new MoonpoolError('HANDLER_FAILED', { message: 'It failed', executed: 'yes', cause }));
      expect(error).to.be.instanceOf(MoonpoolError).and.to.include({ code: 'HANDLER_FAILED', executed: 'yes' });
      expect(error.cause).to.be.instanceOf(MoonpoolError).and.to.include({ code: 'STORAGE_UNAVAILABLE' });
      expect((error.cause as Error).cause)
        .to.be.instanceOf(Error)
        .and.to.include({ message: 'EIO' });
    });

    arrives('of the platform keeps its class and its name', (carry) => {
      const error = carry(new DOMException('stopped', 'AbortError'));
      expect(error).to.be.instanceOf(DOMException).and.to.include({ name: 'AbortError', message: 'stopped', code: 20 });
    });

    arrives('loses only what cannot travel', (carry) => {
      const error = carry(
        Object.assign(new Error('e'), {
          retry: () => 1,
          details: { code: 7, retry: () => 1, list: [1, Symbol('s')] },
          constructor: 5,
          headers: new Headers(),
        }),
      );
      expect(error['details']).to.deep.equal({ code: 7, list: [1, '[left out: Symbol(s)]'] });
      expect(Object.keys(error)).to.deep.equal(['details']);
    });

    arrives('says what was thrown when that is no error', (carry) => {
      expect(inspect(carry({ status: 404, text: 'gone' }))).to.contain('gone');
      expect(carry(undefined).message).to.contain('undefined');
      expect(carry(Symbol('s')).message).to.contain('Symbol(s)');
    });

    arrives('is cut where it is too long, too deep, too wide or a circle, and still arrives', (carry) => {
      const circle: Error & { self?: unknown } = new Error('circle');
      circle.cause = circle;
      circle.self = { circle };
      expect(carry(circle)).to.include({ message: 'circle', cause: '[left out: it holds itself]' });
      let chain = new Error('end');
      for (let depth = 0; depth < 1_000; depth++) chain = new Error(`level ${depth}`, { cause: chain });
      expect(inspect(carry(chain), { depth: 20 })).to.contain('too deep');
      const wide = Object.assign(new Error('x'.repeat(1_000_000)), {
        all: Array.from({ length: 90_000 }, (_, key) => ({ key, text: 'y'.repeat(50) })),
        map: new Map(Array.from({ length: 5_000 }, (_, key) => [key, key])),
      });
      const cut = carry(wide);
      expect(cut.message).to.have.length.lessThan(20_000).and.to.contain('more letters');
      expect(JSON.stringify(packError(cut))).to.have.length.lessThan(300_000);
      const many = Object.assign(
        new Error('many'),
        Object.fromEntries(Array.from({ length: 5_000 }, (_, key) => [`k${key}`, key])),
      );
      expect(carry(many)).to.include({ message: 'many', k0: 0 });
    });

    arrives('never fails, whatever it does when it is looked at', (carry) => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      const throwing = Object.defineProperty(new Error('e'), 'message', {
        get: () => {
          throw new Error('no');
        },
      });
      const nameless = Object.assign(Object.create(Error.prototype) as object, {
        toString: () => {
          throw new Error('no');
        },
      });
      const field = Object.defineProperty(new Error('field'), 'bad', {
        enumerable: true,
        get: () => {
          throw new Error('no');
        },
      });
      for (const thrown of [
        proxy,
        throwing,
        nameless,
        field,
        Object.create(null),
        new Error('e', { cause: proxy }),
        new Proxy(new Error('e'), {
          ownKeys: () => {
            throw new Error('no');
          },
        }),
      ]) {
        expect(carry(thrown)).to.be.instanceOf(Error);
      }
      expect(carry(field).message).to.equal('field');
    });

    arrives('never takes its stack with it', (carry) => {
      const error = new Error('outer', { cause: new Error('inner') });
      expect(JSON.stringify(packError(carry(error)))).not.to.contain('error-codec.spec');
    });
  }

  it('is some error, whatever data it is made of', () => {
    for (const data of [
      undefined,
      null,
      5,
      'text',
      [],
      {},
      { name: 5, message: {} },
      { type: 'AggregateError', message: 'm' },
      { code: 'NO_SUCH_CODE', message: 'm' },
      { message: 'm', fields: 5, errors: 7 },
    ]) {
      expect(restoreError(data)).to.be.instanceOf(Error);
    }
  });
});
