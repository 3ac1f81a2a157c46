import { expect } from 'chai';
import { describeValue } from '../../lib/errors/describe-value';
import { isMoonpoolError, MoonpoolError } from '../../lib/errors/moonpool-error';
import { reasonOf } from '../../lib/errors/reason-of';

const saying = (message: string): string => new MoonpoolError('INVALID_OPTION', { message, remedy: 'Do it.' }).message;

describe('A MoonpoolError', () => {
  it('says its code, what happened, and what to do, each with its own end', () => {
    expect(saying('It broke')).to.equal('INVALID_OPTION: It broke. Do it.');
    expect(saying("It is unknown; did you mean 'it'?")).to.equal(
      "INVALID_OPTION: It is unknown; did you mean 'it'? Do it.",
    );
    expect(saying('Two mistakes:\n  - one\n  - two')).to.equal(
      'INVALID_OPTION: Two mistakes:\n  - one\n  - two\nDo it.',
    );
    expect(saying('Two mistakes:\n  - one\n  - two\n')).to.equal(
      'INVALID_OPTION: Two mistakes:\n  - one\n  - two\nDo it.',
    );
  });

  it('keeps apart what the message holds together, and was not executed unless it says so', () => {
    const cause = new Error('because');
    const error = new MoonpoolError('CALL_TIMEOUT', { message: 'It took long', executed: 'maybe', cause });
    expect(error).to.include({ code: 'CALL_TIMEOUT', executed: 'maybe', detail: 'It took long', cause });
    expect(error.message).to.equal(`CALL_TIMEOUT: It took long. ${error.remedy}`);
    expect(new MoonpoolError('CALL_TIMEOUT', { message: 'It took long' }))
      .to.include({ executed: 'no' })
      .and.not.have.property('cause');
    expect([
      isMoonpoolError(error),
      isMoonpoolError(error, 'CALL_TIMEOUT'),
      isMoonpoolError(error, 'CALL_CANCELLED'),
      isMoonpoolError(cause),
    ]).to.deep.equal([true, true, false, false]);
  });

  it('is quoted by another without its code, its remedy and its capital letter', () => {
    const reason = (message: string): string => reasonOf(new MoonpoolError('CALL_TIMEOUT', { message }));
    expect(reason('The call broke')).to.equal('the call broke');
    expect(reason('Argument 1 is none')).to.equal('argument 1 is none');
    expect(reason('Theodor broke it')).to.equal('Theodor broke it');
    expect([reasonOf(new RangeError('The end')), reasonOf('nothing'), reasonOf(undefined)]).to.deep.equal([
      'The end',
      'nothing',
      'undefined',
    ]);
  });
});

describe('A value that was given for something else', () => {
  it('is described in a few words, whatever it is', () => {
    const values: readonly unknown[] = [
      'a"b',
      5,
      5n,
      Number.NaN,
      true,
      null,
      undefined,
      Symbol('s'),
      [1, 2],
      {},
      Object.create(null),
      new Map(),
      () => 1,
      describeValue,
    ];
    expect(values.map(describeValue)).to.deep.equal([
      '"a\\"b"',
      '5',
      '5n',
      'NaN',
      'true',
      'null',
      'undefined',
      'Symbol(s)',
      'a list of 2',
      'an object',
      'an object',
      'an object of Map',
      'a function',
      'the function describeValue',
    ]);
    expect(describeValue('x'.repeat(1_000))).to.have.length(105);
  });
});
