import { TimeHeap } from '../time-heap';

interface Due {
  readonly at: number;
  readonly run: () => void;
}

/** Has things happen in the order of their times, without waiting for any of them. */
export class VirtualClock {
  private readonly heap = new TimeHeap<Due>();
  private time = 0;

  /** @param ms from now on. */
  after(ms: number, run: () => void): void {
    this.heap.push({ at: this.time + ms, run });
  }

  runUntil(ms: number): void {
    for (let next = this.heap.peek(); next !== undefined && next.at <= ms; next = this.heap.peek()) {
      this.heap.pop();
      this.time = next.at;
      next.run();
    }
    this.time = ms;
  }
}
