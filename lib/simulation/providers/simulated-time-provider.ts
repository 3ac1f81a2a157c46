import type { Timer, TimeProvider } from '../../providers/time-provider';
import { never, type NodeLife } from '../engine/node-life';
import type { World } from '../engine/world';

/** Virtual time began when the wall clock showed this: 2030-01-01. */
const WALL_CLOCK_START = 1_893_456_000_000;

const STALE_TIMER: Timer = { cancel: () => undefined };

/** The clocks and timers of a simulated node. */
export class SimulatedTimeProvider implements TimeProvider {
  /** @param wallClockOffsetMs how far this node's wall clock is from the truth. */
  constructor(
    private readonly world: World,
    private readonly life: NodeLife,
    private readonly wallClockOffsetMs = 0,
  ) {}

  now(): number {
    return this.world.now;
  }

  wallClock(): number {
    return WALL_CLOCK_START + this.world.now + this.wallClockOffsetMs;
  }

  schedule(delayMs: number, callback: () => void): Timer {
    if (this.life.refuses()) return STALE_TIMER;
    const event = this.world.schedule(this.life, delayMs, 'timer', callback);
    return { cancel: () => this.world.cancel(event) };
  }

  sleep(delayMs: number): Promise<void> {
    if (this.life.refuses()) return never();
    return new Promise((resolve) => {
      this.world.schedule(this.life, delayMs, 'sleep', resolve);
    });
  }
}
