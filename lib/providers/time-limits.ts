import { DeadlineQueue, type DeadlineItem } from '../concurrency/deadline-queue';
import type { Timer, TimeProvider } from './time-provider';

/** Something that must be over in time. */
class LimitedWork implements DeadlineItem {
  heapIndex = -1;
  earlier: DeadlineItem | undefined;
  later: DeadlineItem | undefined;
  isQueued = false;

  constructor(
    readonly deadline: number,
    readonly giveUp: () => void,
  ) {}
}

/** Limits how long work may take, with one timer for all that is under way. */
export class TimeLimits {
  private readonly queue = new DeadlineQueue<LimitedWork>();
  private timer: Timer | undefined;
  private timerAt = Number.POSITIVE_INFINITY;

  constructor(private readonly time: TimeProvider) {}

  /**
   * The outcome of the work, or the error when it takes longer than the limit in milliseconds. The work is not stopped by
   * that; what becomes of it afterwards is nobody's business any more.
   */
  within<T>(limitMs: number, work: Promise<T>, makeError: () => Error): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const item = new LimitedWork(this.time.now() + limitMs, () => reject(makeError()));
      this.add(item);
      work.then(
        (value) => {
          this.queue.remove(item);
          resolve(value);
        },
        (error: unknown) => {
          this.queue.remove(item);
          reject(error);
        },
      );
    });
  }

  /** Gives up nothing any more. */
  stop(): void {
    this.timer?.cancel();
    this.timerAt = Number.POSITIVE_INFINITY;
  }

  private add(item: LimitedWork): void {
    this.queue.add(item);
    if (item.deadline < this.timerAt) this.arm(item.deadline);
  }

  private arm(deadline: number): void {
    this.timer?.cancel();
    this.timerAt = deadline;
    this.timer = this.time.schedule(Math.max(0, deadline - this.time.now()), () => this.expire());
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
      first.giveUp();
    }
  }
}
