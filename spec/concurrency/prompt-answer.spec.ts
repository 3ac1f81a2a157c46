import { runInNewContext } from 'node:vm';
import { expect } from 'chai';
import { forgoAnswer, isLateAnswer, promptAnswer } from '../../lib/concurrency/prompt-answer';

const rejected = async (): Promise<never> => {
  throw new Error('nobody waits for it');
};

describe('An answer that is needed at once', () => {
  it('is the answer, whatever it is, unless it is a promise', () => {
    for (const value of [undefined, null, false, 0, '', 'x', { a: 1 }, { then: 'no function' }, () => 1])
      expect(promptAnswer(value, 'it')).to.equal(value);
    for (const late of [Promise.resolve(true), runInNewContext('Promise.resolve(1)'), { then: () => undefined }])
      expect(() => promptAnswer(late as unknown, 'the guard of a spec')).to.throw(
        /^ASYNC_CALLBACK: A promise came from the guard of a spec, whose answer is needed at once/,
      );
  });

  it('leaves nothing behind that ends the process, also where nobody asks for it', async () => {
    const seen: unknown[] = [];
    const note = (reason: unknown) => seen.push(reason);
    process.on('unhandledRejection', note);
    expect(isLateAnswer(rejected())).to.equal(true);
    forgoAnswer(rejected());
    forgoAnswer(Object.assign(rejected(), { then: undefined }));
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(seen).to.deep.equal([]);
  });
});
