import { addAbortListener, once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Actor, ActorContext, ActorRuntime, Handler, inject, LocalSystem, memory } from 'moonpool';
import { guardedAbort } from '../../lib/concurrency/guarded-signal';

describe('A signal whose listeners may fail', () => {
  it('tells what they throw, and calls all of them', async () => {
    const failures: string[] = [];
    const seen: string[] = [];
    const controller = guardedAbort((error) => failures.push((error as Error).message));
    const { signal } = controller;
    signal.addEventListener('abort', () => {
      throw new Error('thrown');
    });
    signal.addEventListener('abort', async () => {
      throw new Error('rejected');
    });
    signal.addEventListener('abort', {
      handleEvent(): void {
        throw new Error('of an object');
      },
    });
    Reflect.set(signal, 'onabort', () => {
      throw new Error('of onabort');
    });
    signal.addEventListener('abort', function (this: AbortSignal, event) {
      seen.push(`${event.type} ${this === signal}`);
    });
    controller.abort('why');
    await new Promise((resolve) => setImmediate(resolve));
    expect(failures).to.deep.equal(['thrown', 'of an object', 'of onabort', 'rejected']);
    expect(seen).to.deep.equal(['abort true']);
    expect(signal.reason).to.equal('why');
  });

  it('is a signal like any other for whoever listens', async () => {
    const seen: string[] = [];
    const controller = guardedAbort(() => expect.fail('nothing failed'));
    const { signal } = controller;
    const removed = (): unknown => seen.push('removed');
    const single = (): unknown => seen.push('once');
    signal.addEventListener('abort', removed);
    signal.addEventListener('abort', removed);
    signal.removeEventListener('abort', removed);
    signal.addEventListener('abort', single);
    signal.addEventListener('abort', single);
    for (const which of ['on 1', 'on 2']) Reflect.set(signal, 'onabort', () => seen.push(which));
    addAbortListener(signal, () => seen.push('added'));
    const awaited = once(signal, 'abort').then(() => seen.push('awaited'));
    const slept = sleep(10_000, undefined, { signal }).catch((error: Error) => seen.push(error.name));
    const any = AbortSignal.any([signal]);
    controller.abort();
    await Promise.all([awaited, slept]);
    expect(seen).to.have.members(['once', 'on 2', 'added', 'awaited', 'AbortError']);
    expect(any.aborted).to.equal(true);
    expect(signal).to.be.an.instanceOf(AbortSignal);
    expect(Object.keys(signal)).to.deep.equal([]);
  });

  @Actor({ name: 'Listener' })
  class Listener {
    constructor(@inject(ActorContext) private readonly context: ActorContext) {}
    @Handler() async listen(): Promise<void> {
      this.context.signal.addEventListener('abort', () => {
        throw new Error('in a listener');
      });
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    @Handler() async ask(): Promise<string> {
      return 'well';
    }
  }

  it('is that of a turn and of a local actor: no node ends by what is done when a call is cut off', async () => {
    const node = await ActorRuntime.start({ namespace: 'spec', name: 'n', actors: [Listener], modules: [memory()] });
    const actor = node.actor(Listener, 'x');
    const error: unknown = await actor
      .$with({ timeoutMs: 10 })
      .listen()
      .catch((failure: unknown) => failure);
    expect(error).to.include({ code: 'CALL_TIMEOUT' });
    expect(await actor.ask()).to.equal('well');
    await node.shutdown();

    const system = LocalSystem.open();
    const handle = system.spawn<string, void>(async (context) => {
      context.signal.addEventListener('abort', () => {
        throw new Error('in a listener');
      });
      while ((await context.receive()) !== undefined);
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(await handle.stop({ drain: false })).to.include({ code: 'stopped' });
    await new Promise((resolve) => setImmediate(resolve));
  });
});
