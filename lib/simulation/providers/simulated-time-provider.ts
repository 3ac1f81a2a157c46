import type { Timer, TimeProvider } from '../../providers/time-provider';
import { eventKind } from '../engine/event-queue';
import { never, type NodeLife } from '../engine/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { SimulatedClock } from './simulated-clock';
import type { SlowSleeps } from './slow-sleeps';

const TIMER = eventKind('timer');
const SLEEP = eventKind('sleep');
const DEAD_TIMER: Timer = { cancel: () => undefined };

/** The clocks and timers of one life of a simulated machine. */
export class SimulatedTimeProvider implements TimeProvider {
  /** @param slowSleeps makes sleeps longer now and then. Default: none is. */
  constructor(
    private readonly engine: SimulationEngine,
    private readonly clock: SimulatedClock,
    private readonly life: NodeLife,
    private readonly slowSleeps?: SlowSleeps,
  ) {}

  now(): number {
    return this.clock.now();
  }

  wallClock(): number {
    return this.clock.wallClock();
  }

  schedule(delayMs: number, callback: () => void): Timer {
    if (!this.life.enter()) return DEAD_TIMER;
    const event = this.engine.schedule(this.clock.virtualDelay(delayMs), TIMER, this.life, callback);
    return { cancel: () => this.engine.cancel(event) };
  }

  sleep(delayMs: number): Promise<void> {
    if (!this.life.enter()) return never();
    return new Promise<void>((resolve) => {
      this.engine.schedule(this.clock.virtualDelay(delayMs) + (this.slowSleeps?.extraMs(this.life.machine) ?? 0), SLEEP, this.life, resolve);
    });
  }
}
