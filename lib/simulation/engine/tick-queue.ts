type Tick = () => void;

/**
 * Takes the place of `process.nextTick` while a world runs. A callback that throws inside Node's own queue would abort
 * the process when that queue is run by hand; here it is an error of the seed.
 */
export class TickQueue {
  private ticks: Tick[] = [];
  private replaced: typeof process.nextTick | undefined;

  constructor(private readonly onError: (error: unknown) => void) {}

  /** Replaces `process.nextTick`; returns the original. */
  install(): typeof process.nextTick {
    const original = process.nextTick;
    this.replaced = original;
    process.nextTick = (callback: (...args: never[]) => void, ...args: unknown[]) => {
      this.ticks.push(() => callback(...(args as never[])));
    };
    return original;
  }

  /** Gives `process.nextTick` back. */
  uninstall(): void {
    if (this.replaced !== undefined) process.nextTick = this.replaced;
    this.replaced = undefined;
  }

  /** Runs what was queued before the call; false when there was nothing. */
  run(): boolean {
    if (this.ticks.length === 0) return false;
    const due = this.ticks;
    this.ticks = [];
    for (const tick of due) {
      try {
        tick();
      } catch (error) {
        this.onError(error);
      }
    }
    return true;
  }
}
