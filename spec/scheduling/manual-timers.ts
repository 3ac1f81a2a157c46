import type { Timer, TimeProvider } from '../../lib/providers/time-provider';

interface Waiting {
  readonly at: number;
  readonly callback: () => void;
}

/** A clock with timers, which goes on when the spec says so. */
export class ManualTimers implements TimeProvider {
  at = 0;
  private waiting: Waiting[] = [];

  now(): number {
    return this.at;
  }

  wallClock(): number {
    return this.at;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    const timer = { at: this.at + delayMs, callback };
    this.waiting.push(timer);
    return { cancel: () => void (this.waiting = this.waiting.filter((other) => other !== timer)) };
  }

  sleep(): never {
    throw new Error('nothing here sleeps');
  }

  /** How many timers there are. */
  get timers(): number {
    return this.waiting.length;
  }

  /** So much time goes by, and what is due runs, the earliest first. */
  pass(ms: number): void {
    const end = this.at + ms;
    for (let next = this.next(end); next !== undefined; next = this.next(end)) {
      this.at = Math.max(this.at, next.at);
      this.waiting = this.waiting.filter((other) => other !== next);
      next.callback();
    }
    this.at = end;
  }

  private next(end: number): Waiting | undefined {
    return this.waiting.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
  }
}
