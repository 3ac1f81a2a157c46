import { expect } from 'chai';
import { askAnswerIn, askRequestIn, rangesAnswerIn, rangesRequestIn } from '../../lib/directory/directory-requests';
import { RangeSet } from '../../lib/directory/range-set';

const ranges = new RangeSet([1]).toString();
const registration = { activation: 'x', name: 'n1', incarnation: 1, address: 'n1:1' };

/** What is right, and for each field what must not stand there. */
function check(
  read: (value: unknown) => unknown,
  right: Readonly<Record<string, unknown>>,
  wrong: Readonly<Record<string, readonly unknown[]>>,
): void {
  expect(() => read(right)).not.to.throw();
  for (const [field, values] of Object.entries(wrong))
    for (const value of [undefined, null, {}, ...values])
      expect(() => read({ ...right, [field]: value }), `${field} ${JSON.stringify(value)}`)
        .to.throw()
        .with.property('code', 'INVALID_OPTION');
}

describe('What nodes ask each other for about the directory', () => {
  const number = [-1, 1.5, Number.NaN, '1'];
  const name = ['', 7];
  const set = ['', 'x', 5, ranges.slice(4)];

  it('is refused where it makes no sense, field by field', () => {
    const lookup = { does: 'lookup', actor: 'a' };
    check(
      askRequestIn,
      { view: 1, operations: [lookup] },
      { view: number, operations: ['x', [{ ...lookup, actor: '' }]] },
    );
    check(
      rangesRequestIn,
      { name: 'n1', incarnation: 1, view: 1, ranges, restores: true },
      { name, incarnation: number, view: number, ranges: set },
    );
    for (const value of [undefined, null, 'x', 5])
      expect(() => rangesRequestIn(value)).to.throw('a request for ranges');
  });

  it('is refused as an answer too', () => {
    check(
      rangesAnswerIn,
      { view: 1, whole: ranges, own: ranges, registrations: [{ ...registration, actor: 'a' }] },
      { view: number, whole: set, own: set, registrations: ['x', [registration], [{ actor: 'a' }]] },
    );
    check(
      (value) => askAnswerIn(value, 2),
      { view: 1, answers: [registration, null] },
      {
        view: number,
        answers: [[], [null], [null, null, null], ['retry', 'later'], [null, { ...registration, incarnation: -1 }]],
      },
    );
  });
});
