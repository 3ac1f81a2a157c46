type Work<T> = (object: T) => unknown;

interface Waiting<T> {
  readonly work: Work<T>;
  readonly resolve: ((value: unknown) => void) | undefined;
}

/** The least that an actor can be: one object, a queue of what is to be done with it, and a loop that does one at a time. */
export class QueueMailbox<T> {
  private readonly queue: Waiting<T>[] = [];
  private isRunning = false;

  constructor(private readonly object: T) {}

  call(work: Work<T>): Promise<unknown> {
    return new Promise((resolve) => {
      this.add({ work, resolve });
    });
  }

  send(work: Work<T>): void {
    this.add({ work, resolve: undefined });
  }

  private add(waiting: Waiting<T>): void {
    this.queue.push(waiting);
    if (!this.isRunning) void this.takeTurns();
  }

  private async takeTurns(): Promise<void> {
    this.isRunning = true;
    for (let next = 0; next < this.queue.length; next++) {
      const { work, resolve } = this.queue[next] as Waiting<T>;
      const value = await work(this.object);
      resolve?.(value);
    }
    this.queue.length = 0;
    this.isRunning = false;
  }
}

/** What the baseline's actor does: the same as {@link import('../counter').Counter}. */
export class PlainCounter {
  balance = 0;

  async add(request: { readonly amount: number }): Promise<number> {
    this.balance += request.amount;
    return this.balance;
  }
}
