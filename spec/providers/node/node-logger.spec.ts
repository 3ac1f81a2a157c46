import { expect } from 'chai';
import { isVisible } from '../../../lib/errors/outside-text';
import { NodeLogger } from '../../../lib/providers/node/node-logger';

const FORGED = '\n2026-01-01T00:00:00.000Z moonpool warn: all is well\u001b[2K\u202e\u2028\u009b';

/** The lines that the logger prints. */
function linesOf(use: (logger: NodeLogger) => void): readonly string[] {
  let printed = '';
  use(new NodeLogger((text) => void (printed += text)));
  return printed.split('\n').slice(0, -1);
}

describe('The log of a process', () => {
  it('has one line for each message, whatever is in it', () => {
    const lines = linesOf((logger) => {
      logger.warn(`a message${FORGED}`, { [`field${FORGED}`]: `value${FORGED}` });
      logger.info('another');
    });
    expect(lines).to.have.length(2);
    expect(lines.every(isVisible)).to.equal(true);
  });

  it('has lines of errors that pass for none of its own', () => {
    const error = new Error(`trouble${FORGED}`, { cause: new Error(`behind it${FORGED}`) });
    const [first, ...rest] = linesOf((logger) => logger.error('it failed', error));
    expect(first).to.match(/^\d{4}-.* moonpool error: it failed$/);
    for (const line of rest) expect(line).to.match(/^ {4}/);
    expect(rest.every(isVisible)).to.equal(true);
    expect(rest.filter((line) => line.includes('caused by'))).to.have.length(1);
  });

  it('has no line of 66 kB', () => {
    const long = 'x'.repeat(66_000);
    const lines = linesOf((logger) => logger.error(long, new Error(long), { field: long }));
    expect(Math.max(...lines.map(({ length }) => length))).to.be.below(10_000);
  });
});
