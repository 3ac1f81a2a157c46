/** Ctrl-C: the first asks the command to end with what it knows, the second ends the process. */
export class Interruption {
  private readonly listeners: (() => void)[] = [];
  private requested = false;
  private readonly onSignal = (): void => {
    if (this.requested) process.exit(130);
    this.requested = true;
    process.stderr.write('\nEnding with what is known so far; once more to end at once.\n');
    for (const listener of this.listeners) listener();
  };

  constructor() {
    process.on('SIGINT', this.onSignal);
    process.on('SIGTERM', this.onSignal);
  }

  get isRequested(): boolean {
    return this.requested;
  }

  listen(listener: () => void): void {
    this.listeners.push(listener);
  }

  /** Gives the signals back to the process. */
  close(): void {
    process.removeListener('SIGINT', this.onSignal);
    process.removeListener('SIGTERM', this.onSignal);
  }
}
