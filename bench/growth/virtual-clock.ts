interface Due {
  readonly at: number;
  readonly run: () => void;
}

/** Has things happen in the order of their times, without waiting for any of them. A binary heap. */
export class VirtualClock {
  private readonly heap: Due[] = [];
  private time = 0;

  /** @param ms from now on. */
  after(ms: number, run: () => void): void {
    const { heap } = this;
    let index = heap.length;
    const due = { at: this.time + ms, run };
    heap.push(due);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = heap[parent] as Due;
      if (above.at <= due.at) break;
      heap[index] = above;
      index = parent;
    }
    heap[index] = due;
  }

  runUntil(ms: number): void {
    for (let next = this.heap[0]; next !== undefined && next.at <= ms; next = this.heap[0]) {
      this.removeFirst();
      this.time = next.at;
      next.run();
    }
    this.time = ms;
  }

  private removeFirst(): void {
    const { heap } = this;
    const last = heap.pop() as Due;
    const { length } = heap;
    if (length === 0) return;
    let index = 0;
    for (let child = 1; child < length; child = 2 * index + 1) {
      const right = child + 1;
      if (right < length && (heap[right] as Due).at < (heap[child] as Due).at) child = right;
      const below = heap[child] as Due;
      if (last.at <= below.at) break;
      heap[index] = below;
      index = child;
    }
    heap[index] = last;
  }
}
