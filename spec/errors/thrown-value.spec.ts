import { expect } from 'chai';
import { describeValue } from '../../lib/errors/describe-value';
import { isMoonpoolError, MoonpoolError } from '../../lib/errors/moonpool-error';
import { reasonOf } from '../../lib/errors/reason-of';
import { asError, causeOf, isError, messageOf, nameOf, stackOf, textOf } from '../../lib/errors/thrown-value';
import { WHATEVER_IS_THROWN } from './whatever-is-thrown';

describe('What was thrown', () => {
  for (const [what, make] of Object.entries(WHATEVER_IS_THROWN)) {
    it(`is put into words though it is ${what}`, () => {
      const thrown = make();
      for (const inWords of [describeValue, reasonOf, messageOf, nameOf, stackOf, textOf]) {
        const words: unknown = inWords(thrown);
        expect(words, inWords.name).to.be.a('string');
        expect(String(words).length, inWords.name).to.be.lessThan(20_000);
      }
      expect(isMoonpoolError(thrown)).to.equal(false);
      expect(asError(thrown)).to.satisfy(isError);
      causeOf(thrown);
    });
  }

  it('is known by its message, its name and its stack where it is an error, also of another realm', () => {
    const far = WHATEVER_IS_THROWN['an error of another realm']?.();
    expect(far).not.to.be.instanceOf(Error);
    expect([isError(far), nameOf(far), messageOf(far)]).to.deep.equal([true, 'RangeError', 'far']);
    expect(stackOf(new Error('here'))).to.contain('thrown-value.spec');
    expect(causeOf(new Error('x', { cause: 5 }))).to.equal(5);
  });

  it('is told as it is where it is no error', () => {
    expect([5, 'five', null, Symbol('five')].map(messageOf)).to.deep.equal(['5', 'five', 'null', 'Symbol(five)']);
    expect(messageOf(Object.create(null))).to.equal('an object');
  });

  it('is quoted in part when it is long, and never with half a letter', () => {
    const words = messageOf(new Error(`${'x'.repeat(7_999)}\u{1f600}${'y'.repeat(99)}`));
    expect(words).to.match(/^x{7999}\.\.\. \(101 letters more\)$/);
  });

  it('is ours when our class has made it, whatever stands before it', () => {
    const error = new MoonpoolError('INVALID_OPTION', { message: 'No' });
    expect([
      isMoonpoolError(error),
      isMoonpoolError(error, 'INVALID_OPTION'),
      isMoonpoolError(error, 'CALL_TIMEOUT'),
    ]).to.deep.equal([true, true, false]);
    expect(isMoonpoolError(new Proxy(error, {}))).to.equal(false);
    expect(isMoonpoolError(Object.create(MoonpoolError.prototype))).to.equal(false);
  });
});
