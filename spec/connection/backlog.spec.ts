import { expect } from 'chai';
import { Backlog } from '../../lib/connection/backlog';
import { DEFAULT_TRANSPORT_OPTIONS } from '../../lib/connection/transport-options';
import type { Connection } from '../../lib/providers/network-provider';
import { ManualTimers } from '../scheduling/manual-timers';

describe('A side that reads nothing', () => {
  const options = { ...DEFAULT_TRANSPORT_OPTIONS, pauseQueuedBytes: 100, stalledLimitMs: 1_000 };
  let time: ManualTimers;
  let backlog: Backlog;
  let done: string[];

  beforeEach(() => {
    [time, done] = [new ManualTimers(), []];
    const stream = { pause: () => done.push('paused'), resume: () => done.push('resumed') };
    backlog = new Backlog(options, time, () => stream as unknown as Connection);
  });

  it('is not read from while much waits for it, but for a moment now and then', () => {
    backlog.grew(99);
    expect([backlog.tick(99, 0), done]).to.deep.equal([undefined, []]);
    backlog.grew(100);
    backlog.grew(200);
    expect([backlog.tick(200, 0), done]).to.deep.equal([undefined, ['paused', 'resumed']]);
    backlog.heard();
    backlog.wasRead();
    backlog.heard();
    expect(done.slice(2)).to.deep.equal(['paused', 'resumed']);
  });

  it('is given up after the limit, and not for the time in which this process stood still', () => {
    backlog.grew(100);
    time.pass(1_000);
    expect(backlog.tick(100, 0)).to.equal(undefined);
    time.pass(5_000);
    expect(backlog.tick(100, 5_000)).to.equal(undefined);
    time.pass(1);
    expect(backlog.tick(100, 0)).to.contain('has read nothing for 1001 ms while 100 bytes wait for it');
  });
});
