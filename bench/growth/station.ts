import type { VirtualClock } from './virtual-clock';

interface Job {
  readonly ms: number;
  readonly done: () => void;
  next: Job | undefined;
}

/** Processors that serve what comes, one piece of work each, in the order in which it comes. */
export class Station {
  /** For how long its processors have worked, taken together. */
  busyMs = 0;
  private first: Job | undefined;
  private last: Job | undefined;
  private working = 0;

  constructor(
    private readonly clock: VirtualClock,
    private readonly processors: number,
  ) {}

  serve(ms: number, done: () => void): void {
    const job: Job = { ms, done, next: undefined };
    if (this.last === undefined) this.first = job;
    else this.last.next = job;
    this.last = job;
    this.begin();
  }

  private begin(): void {
    for (let job = this.first; job !== undefined && this.working < this.processors; job = this.first) {
      this.first = job.next;
      if (this.first === undefined) this.last = undefined;
      const { ms, done } = job;
      this.working++;
      this.busyMs += ms;
      this.clock.after(ms, () => {
        this.working--;
        done();
        this.begin();
      });
    }
  }
}
