import { expect } from 'chai';
import fc from 'fast-check';
import { MoonpoolError } from '../../lib/errors/moonpool-error';
import { ActorId } from '../../lib/identity/actor-id';
import type { ActorKey, KeyPart } from '../../lib/identity/actor-key';

const idOf = (key: ActorKey) => ActorId.of('spec', 'Thing', key);

const anyPart = fc.oneof(
  fc.string({ maxLength: 8 }),
  fc.maxSafeInteger(),
  fc
    .double({ noNaN: true, noDefaultInfinity: true })
    .filter((number) => !Number.isInteger(number) || Number.isSafeInteger(number)),
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
  fc.boolean(),
);

describe('The key of an actor', () => {
  it('is itself as a string, and its decimal text as a number or bigint', () => {
    expect(idOf('alice').path).to.equal('spec/Thing/alice');
    expect([5, 5n, '5'].map((key) => idOf(key).path)).to.deep.equal(['spec/Thing/5', 'spec/Thing/5', 'spec/Thing/5']);
    expect([-0, 0.5, -3n].map((key) => idOf(key).key)).to.deep.equal(['0', '0.5', '-3']);
  });

  it('is one text as a list, which is the same key as that text', () => {
    expect(idOf(['eu', 5, 7n, true]).key).to.equal('["eu",5,7n,true]');
    expect(idOf('["eu",5,7n,true]').path).to.equal(idOf(['eu', 5, 7n, true]).path);
    expect(ActorId.parse('spec/Thing/["eu",5,7n,true]').parts).to.deep.equal(['eu', 5, 7n, true]);
  });

  it('tells the types in a list apart, and a list from its only item', () => {
    const texts = [[5], [5n], ['5'], '5', ['a,b'], ['a', 'b'], ['a"', 'b'], [['a', 'b'].join('","')]].map(
      (key) => idOf(key).key,
    );
    expect(new Set(texts)).to.have.property('size', texts.length);
  });

  it('is refused as an object that does not let itself be looked at', () => {
    const { proxy, revoke } = Proxy.revocable<string[]>([], {});
    revoke();
    expect(() => idOf(proxy))
      .to.throw('INVALID_ACTOR_ID')
      .with.property('message')
      .that.contains('looked at');
  });

  it('is refused as a list in which an item is left out', () => {
    // oxlint-disable-next-line no-sparse-arrays -- that is what is to be refused
    for (const list of [[, 'a'], new Array(2), ['a', ,]] as unknown as ActorKey[])
      expect(() => idOf(list)).to.throw(MoonpoolError, 'a list with a part of type undefined');
  });

  it('gives back the parts of every list that it was made of', () => {
    fc.assert(
      fc.property(fc.array(anyPart, { minLength: 1, maxLength: 6 }), (list) => {
        let id: ActorId;
        try {
          id = idOf(list);
        } catch (error) {
          expect(error).to.have.property('code', 'INVALID_ACTOR_ID');
          return;
        }
        const parts = list.map((part): KeyPart => (Object.is(part, -0) ? 0 : part));
        expect(id.parts).to.deep.equal(parts);
        expect(ActorId.parse(id.path).parts).to.deep.equal(parts);
      }),
      { numRuns: 1_000 },
    );
  });

  it('is one part where it was no list, however it looks', () => {
    for (const key of [
      'alice',
      '[',
      '[]',
      '[1',
      '[1,]',
      '[01]',
      '[ 1]',
      '["a" ,1]',
      '[1e400]',
      '[9007199254740993]',
      '[-0]',
      '["\\u0061"]',
      '[1]x',
      '[nul]',
      '["a]',
    ]) {
      expect(idOf(key).parts, key).to.deep.equal([key]);
    }
    expect(ActorId.of('spec', 'Thing').parts).to.deep.equal([]);
  });

  it('never throws for the parts of any text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const path = `spec/Thing/[${text}]`;
        let id: ActorId;
        try {
          id = ActorId.parse(path);
        } catch {
          return;
        }
        expect(id.parts.length).to.be.greaterThan(0);
      }),
    );
  });

  it('is refused where two readers could differ about it, or where it is too long', () => {
    const wrong: unknown[] = [
      '',
      [],
      NaN,
      Infinity,
      2 ** 53,
      [2 ** 53],
      ['a\u0000'],
      ['\ud800'],
      ['e\u0301'],
      [null],
      [undefined],
      [['nested']],
      [{}],
      {},
      null,
      true,
      ['x'.repeat(600)],
      10n ** 600n,
    ];
    for (const key of wrong) expect(() => idOf(key as ActorKey), String(key)).to.throw('INVALID_ACTOR_ID');
  });
});
