import type { DeadlineItem } from '../concurrency/deadline-queue';
import type { Linked } from '../concurrency/linked-list';
import { DeadlineWatch } from './deadline-watch';
import type { TimeProvider } from './time-provider';

/** Something that must be over in time. */
export class LimitedWork implements DeadlineItem {
  heapIndex = -1;
  earlier: Linked | undefined;
  later: Linked | undefined;
  isLinked = false;

  constructor(
    readonly deadline: number,
    readonly giveUp: () => void,
  ) {}
}

/** Limits how long work may take, with one timer for all that is under way. */
export class TimeLimits {
  private readonly watch: DeadlineWatch<LimitedWork>;

  constructor(private readonly time: TimeProvider) {
    this.watch = new DeadlineWatch(time, (work) => work.giveUp());
  }

  /** Begins to watch: unless it is told in time that the work is over, that is given up. @param limitMs milliseconds from now on. */
  begin(limitMs: number, giveUp: () => void): LimitedWork {
    const work = new LimitedWork(this.time.now() + limitMs, giveUp);
    this.watch.add(work);
    return work;
  }

  /** The work is over. */
  end(work: LimitedWork): void {
    this.watch.remove(work);
  }

  /**
   * The outcome of the work, or the error when it takes longer than the limit in milliseconds. The work is not stopped by
   * that; what becomes of it afterwards is nobody's business any more.
   */
  within<T>(limitMs: number, work: Promise<T>, makeError: () => Error): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const item = this.begin(limitMs, () => reject(makeError()));
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
