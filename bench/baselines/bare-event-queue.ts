interface Waiting {
  readonly at: number;
  readonly wake: () => void;
}

/** The least that a simulated world can be: a queue ordered by time, and one promise job settled after the other. */
export class BareEventQueue {
  private readonly heap: Waiting[] = [];
  private now = 0;

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.push({ at: this.now + ms, wake: resolve });
    });
  }

  /** Runs until nobody waits. */
  run(): Promise<void> {
    return new Promise((resolve) => {
      const step = (): void => {
        const next = this.pop();
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

  private push(item: Waiting): void {
    const { heap } = this;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent] as Waiting;
      if (above.at <= item.at) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = item;
  }

  private pop(): Waiting | undefined {
    const { heap } = this;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && (heap[child + 1] as Waiting).at < (heap[child] as Waiting).at) child++;
      if ((heap[child] as Waiting).at >= last.at) break;
      heap[at] = heap[child] as Waiting;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}
