import { TimeHeap } from '../time-heap';

interface Waiting {
  readonly at: number;
  readonly wake: () => void;
}

/** The least that a simulated world can be: a queue ordered by time, and one promise job settled after the other. */
export class BareEventQueue {
  private readonly heap = new TimeHeap<Waiting>();
  private now = 0;

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.heap.push({ at: this.now + ms, wake: resolve });
    });
  }

  /** Runs until nobody waits. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      const step = (): void => {
        const next = this.heap.pop();
        if (next === undefined) {
          resolve();
          return;
        }
        this.now = next.at;
        next.wake();
        // A tick that a promise job asks for runs when no promise job is left.
        queueMicrotask(() => process.nextTick(step));
      };
      setImmediate(step);
    });
  }
}
