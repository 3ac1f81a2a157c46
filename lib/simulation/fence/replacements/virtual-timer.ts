import type { Timer } from '../../../providers/time-provider';
import type { AmbientWorld } from '../ambient/ambient-world';

let made = 0;

/** What `setTimeout`, `setInterval` and `setImmediate` give back while a world runs: it looks like a timer of Node. */
export class VirtualTimer {
  private readonly id = ++made;
  private timer: Timer | undefined;

  /** @param period how long after each call the next one comes; undefined for a timer that calls once. */
  constructor(
    private readonly world: AmbientWorld,
    private readonly delayMs: number,
    private readonly callback: () => void,
    private readonly period?: number,
  ) {
    this.arm(delayMs);
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return true;
  }

  refresh(): this {
    this.close();
    this.arm(this.period ?? this.delayMs);
    return this;
  }

  close(): this {
    this.timer?.cancel();
    this.timer = undefined;
    return this;
  }

  [Symbol.toPrimitive](): number {
    return this.id;
  }

  [Symbol.dispose](): void {
    this.close();
  }

  private arm(delayMs: number): void {
    this.timer = this.world.schedule(delayMs, () => {
      if (this.period === undefined) this.timer = undefined;
      else this.arm(this.period);
      this.callback();
    });
  }
}

/** The delay as Node understands it: at least one millisecond, and one for what is no number or too much. */
export function timerDelayMs(delayMs: unknown): number {
  const delay = Number(delayMs);
  return delay >= 1 && delay <= 2 ** 31 - 1 ? Math.trunc(delay) : 1;
}
