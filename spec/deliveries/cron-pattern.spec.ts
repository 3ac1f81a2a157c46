import { expect } from 'chai';
import { checkCron, lastByCron, nextByCron } from '../../lib/deliveries/cron-pattern';

const cron = { pattern: '*/10 * * * *', timeZone: 'UTC' };

describe('A cron pattern', () => {
  it('says what comes behind a moment and what was there at it, by nothing but that moment', () => {
    expect(nextByCron(cron, 600_000)).to.equal(1_200_000);
    expect(nextByCron(cron, 1_199_999)).to.equal(1_200_000);
    expect(lastByCron(cron, 1_200_000)).to.equal(1_200_000);
    expect(lastByCron(cron, 1_199_999)).to.equal(600_000);
  });

  it('is refused, with what was given, when it cannot be, and when it never comes', () => {
    const refused = (pattern: string, timeZone = 'UTC') => {
      expect(() => checkCron('context.remind', { pattern, timeZone }, 0))
        .to.throw(pattern)
        .with.property('code', 'INVALID_OPTION');
    };
    refused('whenever');
    refused('0 25 * * *');
    refused('0 0 30 2 *');
    refused('0 9 * * *', 'Mars/Olympus');
    refused('0 0 9 * * MON 2030');
    expect(() => checkCron('context.remind', { pattern: 'x', timeZone: 'UTC' }, 0)).to.throw(
      "the pattern 'x', which has one field, and a pattern has five, or six with seconds in front",
    );
    for (const pattern of [cron.pattern, '30 0 9 * * MON', '@daily'])
      expect(() => checkCron('context.remind', { pattern, timeZone: 'UTC' }, 0)).not.to.throw();
  });
});
