import { expect } from 'chai';
import { ActorRuntime, memory, MoonpoolError, ObserverSet, type ActorContext } from 'moonpool';
import { Listener, Room } from '../runtime/observers-fixture';

describe('A set of observers', () => {
  it('forgets who does not renew, and when somebody renews counts from then', async () => {
    const runtime = await ActorRuntime.start({
      namespace: 'spec',
      actors: [Room],
      observers: [Listener],
      modules: [memory()],
    });
    let now = 0;
    // Of its context a set uses the clock alone.
    const set = new ObserverSet<Listener>({ time: { now: () => now } } as ActorContext, 1_000);
    const [first, second] = [
      (await runtime.observe(new Listener())).reference,
      (await runtime.observe(new Listener())).reference,
    ];
    set.subscribe(first);
    set.subscribe(second);
    now = 600;
    set.subscribe(second);
    now = 999;
    expect([set.has(first), set.has(second), set.size]).to.deep.equal([true, true, 2]);
    now = 1_000;
    expect([set.has(first), set.has(second), set.size]).to.deep.equal([false, true, 1]);
    expect(await set.notify((observer) => observer.$send.said('sent'))).to.equal(1);
    const unreachable = new MoonpoolError('CONNECTION_LOST', { message: 'on purpose', executed: 'maybe' });
    expect(await set.notify(() => Promise.reject(unreachable)), 'told').to.equal(0);
    expect(set.has(second), 'whoever cannot be reached now is left for their lease').to.equal(true);
    set.unsubscribe(second);
    expect([set.has(second), set.size]).to.deep.equal([false, 0]);
    await runtime.shutdown();
  });
});
