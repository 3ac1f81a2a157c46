import { expect } from 'chai';
import { MoonpoolError, type Logger } from 'moonpool';
import { StoreOutage } from '../../lib/cluster/store-outage';

describe('An outage of the store of members', () => {
  let now = 0;
  let lines: string[];
  let outage: StoreOutage;
  beforeEach(() => {
    now = 0;
    lines = [];
    const logger: Logger = {
      info: (message, fields) => lines.push(`info ${message} ${JSON.stringify(fields)}`),
      warn: (message, fields) => lines.push(`warn ${message} ${JSON.stringify(fields)}`),
      error: (message, error, fields) => lines.push(`error ${message} ${String(error)} ${JSON.stringify(fields)}`),
    };
    outage = new StoreOutage({ now: () => now } as never, logger);
  });

  it('is one line when it begins, one each half minute, and one when it is over', () => {
    const away = new MoonpoolError('STORAGE_UNAVAILABLE', {
      message: 'No gateway could list the members',
      executed: 'no',
    });
    outage.succeeded();
    for (; now < 70_000; now += 3_333) outage.failed(away);
    expect(outage.lasts).to.equal(true);
    outage.succeeded();
    outage.succeeded();
    expect(outage.lasts).to.equal(false);
    const why = '"code":"STORAGE_UNAVAILABLE","why":"no gateway could list the members"';
    expect(lines).to.deep.equal([
      `warn the membership store could not be reached {${why}}`,
      `warn the membership store still cannot be reached {"forMs":33330,${why}}`,
      `warn the membership store still cannot be reached {"forMs":66660,${why}}`,
      'info the membership store is reached again {"forMs":73326}',
    ]);
  });

  it('is none when the process ends, and what it still asks is cut off by that', () => {
    outage.end();
    outage.failed(new MoonpoolError('STORAGE_UNAVAILABLE', { message: 'The transport was closed', executed: 'no' }));
    outage.succeeded();
    expect(lines).to.deep.equal([]);
    expect(outage.lasts).to.equal(false);
  });

  it('of a store that fails with an error of its own is told with where that comes from', () => {
    outage.failed(new TypeError('no such thing'));
    expect(lines).to.deep.equal(['error the membership store could not be reached TypeError: no such thing {}']);
  });
});
