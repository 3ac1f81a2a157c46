import { expect } from 'chai';
import { getEventListeners } from 'node:events';
import { onAbort } from '../../lib/concurrency/abort-listeners';

describe('Those who wait for a signal to abort', () => {
  const countOf = (signal: AbortSignal): number => getEventListeners(signal, 'abort').length;

  it('have one listener on it together, and none when the last of them waits no more', () => {
    const { signal } = new AbortController();
    const releases = Array.from({ length: 100 }, () => onAbort(signal, () => undefined));
    expect(countOf(signal)).to.equal(1);
    for (const release of releases.slice(1)) release();
    expect(countOf(signal)).to.equal(1);
    releases[0]?.();
    expect(countOf(signal)).to.equal(0);
    onAbort(signal, () => undefined);
    expect(countOf(signal)).to.equal(1);
  });

  it('are told in the order of their waits, each once, and not who has ended his', () => {
    const controller = new AbortController();
    const told: string[] = [];
    const again = (): void => void told.push('again');
    onAbort(controller.signal, () => told.push('first'));
    const release = onAbort(controller.signal, again);
    onAbort(controller.signal, again);
    onAbort(controller.signal, () => third());
    const third = onAbort(controller.signal, () => told.push('ended by another'));
    release();
    controller.abort();
    expect(told).to.deep.equal(['first', 'again']);
    expect(countOf(controller.signal)).to.equal(0);
  });

  it('do not keep each other from being told when one throws', () => {
    const told: string[] = [];
    const controller = new AbortController();
    // What a listener throws goes to the process; here the signal is one that only calls.
    const signal = {
      addEventListener: (_: string, listener: () => void) =>
        controller.signal.addEventListener('abort', () => expect(listener).to.throw('a failure')),
      removeEventListener: () => undefined,
    };
    onAbort(signal as unknown as AbortSignal, () => {
      throw new Error('a failure');
    });
    onAbort(signal as unknown as AbortSignal, () => told.push('second'));
    controller.abort();
    expect(told).to.deep.equal(['second']);
  });
});
