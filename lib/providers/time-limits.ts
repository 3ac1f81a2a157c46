import type { DeadlineItem } from '../concurrency/deadline-queue';
import type { Linked } from '../concurrency/linked-list';
import { DeadlineWatch } from './deadline-watch';
import type { TimeProvider } from './time-provider';

/** Something that must be over in time. */
export abstract class LimitedWork implements DeadlineItem {
  heapIndex = -1;
  earlier: Linked | undefined;
  later: Linked | undefined;
  isLinked = false;

  /** @param deadline by the monotonic clock. */
  constructor(readonly deadline: number) {}

  /** It was not over in time. */
  abstract giveUp(): void;
}

/** Work that somebody awaits. */
class AwaitedWork extends LimitedWork {
  constructor(
    deadline: number,
    override readonly giveUp: () => void,
  ) {
    super(deadline);
  }
}

/** Limits how long work may take, with one timer for all that is under way. */
export class TimeLimits {
  private readonly watch: DeadlineWatch<LimitedWork>;

  constructor(private readonly time: TimeProvider) {
    this.watch = new DeadlineWatch(time, (work) => work.giveUp());
  }

  /** Watches the work: unless it ends before its deadline, it is told to give up. */
  begin(work: LimitedWork): void {
    this.watch.add(work);
  }

  /** The work is over; does nothing when it was given up. */
  end(work: LimitedWork): void {
    this.watch.remove(work);
  }

  /**
   * The outcome of the work, or the error when it takes longer than the limit in milliseconds. The work is not stopped by
   * that; what becomes of it afterwards is nobody's business any more.
   */
  within<T>(limitMs: number, work: Promise<T>, makeError: () => Error): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const item = new AwaitedWork(this.time.now() + limitMs, () => reject(makeError()));
      this.begin(item);
      work.then(
        (value) => {
          this.end(item);
          resolve(value);
        },
        (error: unknown) => {
          this.end(item);
          reject(error);
        },
      );
    });
  }

  /** Gives up nothing any more. */
  stop(): void {
    this.watch.stop();
  }
}
