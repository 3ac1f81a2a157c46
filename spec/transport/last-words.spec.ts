import { expect } from 'chai';
import { Deferred } from '../../lib/concurrency/deferred';
import { whenEnded } from '../../lib/transport/last-words';
import { ManualTimers } from '../scheduling/manual-timers';

describe('Whoever closes connections waits for their other sides', () => {
  async function hasSettled(promise: Promise<void>): Promise<boolean> {
    let settled = false;
    void promise.then(() => (settled = true));
    await new Promise((resolve) => setImmediate(resolve));
    return settled;
  }

  it('until all have ended them too', async () => {
    const time = new ManualTimers();
    const [first, second] = [new Deferred<void>(), new Deferred<void>()];
    const waiting = whenEnded([first.promise, second.promise], time);
    first.resolve();
    expect(await hasSettled(waiting)).to.equal(false);
    second.resolve();
    expect(await hasSettled(waiting)).to.equal(true);
    expect(time.timers).to.equal(0);
  });

  it('but no longer than a moment, for one may be gone', async () => {
    const time = new ManualTimers();
    const waiting = whenEnded([new Promise<void>(() => undefined)], time);
    time.pass(299);
    expect(await hasSettled(waiting)).to.equal(false);
    time.pass(1);
    expect(await hasSettled(waiting)).to.equal(true);
  });

  it('and not at all when there are none', async () => {
    const time = new ManualTimers();
    await whenEnded([], time);
    expect(time.timers).to.equal(0);
  });
});
