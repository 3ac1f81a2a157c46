import { expect } from 'chai';
import { FailureMonitor } from '../../lib/transport/failure-monitor';
import { ManualTimers } from '../scheduling/manual-timers';

describe('What is known of addresses', () => {
  let time: ManualTimers;
  let monitor: FailureMonitor;

  beforeEach(() => {
    time = new ManualTimers();
    monitor = new FailureMonitor(time);
  });

  it('is told when it changes, and until whoever listens wants to hear no more', () => {
    const heard: string[] = [];
    const end = monitor.subscribe((address, health) => heard.push(`${address} ${health}`));
    for (const health of ['answers', 'answers', 'fails'] as const) monitor.note('a:1', health);
    monitor.forget('a:1');
    monitor.forget('a:1');
    end();
    monitor.note('a:1', 'answers');
    expect(heard).to.deep.equal(['a:1 answers', 'a:1 fails', 'a:1 unknown']);
  });

  it('does not count the time in which this process stood still against who fails, nor for who answers', () => {
    monitor.note('a:1', 'fails');
    monitor.note('b:1', 'answers');
    time.pass(10_000);
    monitor.excuse(9_000);
    expect(monitor.statusOf('a:1')).to.deep.equal({ health: 'fails', forMs: 1_000 });
    expect(monitor.statusOf('b:1')).to.deep.equal({ health: 'answers', forMs: 10_000 });
    monitor.excuse(9_000);
    expect(monitor.statusOf('a:1').forMs, 'no less than none').to.equal(0);
  });
});
