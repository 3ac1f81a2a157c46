import { inCleanContext } from '../concurrency/clean-context';
import { DeadlineQueue, type DeadlineItem } from '../concurrency/deadline-queue';
import type { Timer, TimeProvider } from './time-provider';

/** Items that have deadlines, with one timer for them all. Each learns when its deadline has come, and is watched no more then. */
export class DeadlineWatch<T extends DeadlineItem> {
  private readonly queue = new DeadlineQueue<T>();
  private timer: Timer | undefined;
  private timerAt = Number.POSITIVE_INFINITY;

  /** @param onDue is notified of each item whose deadline has come, and how long ago that was, in milliseconds. */
  constructor(
    private readonly time: TimeProvider,
    private readonly onDue: (item: T, lateMs: number) => void,
  ) {}

  /** How many items are watched. */
  get size(): number {
    return this.queue.size;
  }

  add(item: T): void {
    this.queue.add(item);
    if (item.deadline < this.timerAt) this.arm(item.deadline);
  }

  /** Watches the item no more; does nothing when it was not watched. */
  remove(item: T): void {
    this.queue.remove(item);
  }

  /** All items, in no particular order. */
  values(): readonly T[] {
    return this.queue.values();
  }

  /** Tells nobody any more. */
  stop(): void {
    this.timer?.cancel();
    this.timerAt = Number.POSITIVE_INFINITY;
  }

  private arm(deadline: number): void {
    this.timer?.cancel();
    this.timerAt = deadline;
    // Many share the timer, so it is in nobody's context.
    this.timer = inCleanContext(() => this.time.schedule(Math.max(0, deadline - this.time.now()), () => this.expire()));
  }

  private expire(): void {
    this.timerAt = Number.POSITIVE_INFINITY;
    const now = this.time.now();
    for (let first = this.queue.peek(); first !== undefined; first = this.queue.peek()) {
      if (first.deadline > now) {
        this.arm(first.deadline);
        return;
      }
      this.queue.remove(first);
      this.onDue(first, now - first.deadline);
    }
  }
}
