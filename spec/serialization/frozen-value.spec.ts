import { expect } from 'chai';
import { isMoonpoolError } from 'moonpool';
import { CarriedReference } from '../../lib/actor/carried-reference';
import { freezeDeep, shareFrozen } from '../../lib/serialization/frozen-value';
import { isolate } from '../../lib/serialization/value-isolation';

const noReferences = { read: (): CarriedReference => expect.fail('there is no reference') };
const refusalOf = (carry: (value: unknown) => unknown, value: unknown): string => {
  try {
    carry(value);
  } catch (error) {
    if (isMoonpoolError(error, 'UNSERIALIZABLE_VALUE')) return error.detail;
    throw error;
  }
  return expect.fail('it was carried');
};

describe('A value that is shared', () => {
  const share = (value: unknown): unknown => shareFrozen(value, noReferences);

  it('is the same object, and frozen in all its parts', () => {
    const value = { list: [{ deep: 1 }], map: new Map([['key', { inMap: 1 }]]), set: new Set([{ inSet: 1 }]) };
    expect(share(value)).to.equal(value);
    for (const part of [value, value.list, value.list[0], value.map.get('key'), [...value.set][0]])
      expect(Object.isFrozen(part)).to.equal(true);
  });

  it('is frozen also within objects that its owner has frozen', () => {
    const value = Object.freeze({ list: [1, 2], inner: Object.freeze({ list: ['a'] }) });
    share(value);
    expect([Object.isFrozen(value.list), Object.isFrozen(value.inner.list)]).to.deep.equal([true, true]);
  });

  it('keeps what cannot be frozen as it is', () => {
    const value = { date: new Date(0), bytes: Uint8Array.of(1, 2), map: new Map() };
    expect(share(value)).to.equal(value);
    expect([value.date.getTime(), [...value.bytes]]).to.deep.equal([0, [1, 2]]);
  });

  it('is refused where a copy would be, so that it makes no difference where the actor lives', () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    const values = [
      () => 1,
      { of: () => 1 },
      [Symbol('s')],
      { map: new Map([['f', () => 1]]) },
      new Set([() => 1]),
      10n ** 5_000n,
      { later: Promise.resolve() },
      circle,
      Object.fromEntries(Array.from({ length: 1_001 }, (_, key) => [`k${key}`, 0])),
    ];
    for (const value of values) expect(refusalOf(share, value)).to.equal(refusalOf(isolate, value));
  });
});

describe('A message to local actors', () => {
  it('is frozen as far as it can be, and may hold whatever a process has', () => {
    const circle: Record<string, unknown> = { work: () => 1, later: Promise.resolve() };
    circle['self'] = circle;
    expect(freezeDeep(circle)).to.equal(circle);
    expect(Object.isFrozen(circle)).to.equal(true);
  });
});
