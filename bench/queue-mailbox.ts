interface Letter {
  readonly amount: number;
  readonly resolve: ((balance: number) => void) | undefined;
}

/** The least that an actor needs: a queue and a loop of turns for one object, a promise for each call, no copies. */
export class QueueMailbox {
  private balance = 0;
  private queue: Letter[] = [];
  private isRunning = false;

  call(amount: number): Promise<number> {
    return new Promise((resolve) => this.post({ amount, resolve }));
  }

  send(amount: number): void {
    this.post({ amount, resolve: undefined });
  }

  private post(letter: Letter): void {
    this.queue.push(letter);
    if (!this.isRunning) void this.run();
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    while (this.queue.length > 0) {
      const letters = this.queue;
      this.queue = [];
      for (const letter of letters) {
        const balance = await this.deposit(letter.amount);
        letter.resolve?.(balance);
      }
    }
    this.isRunning = false;
  }

  private async deposit(amount: number): Promise<number> {
    this.balance += amount;
    return this.balance;
  }
}
