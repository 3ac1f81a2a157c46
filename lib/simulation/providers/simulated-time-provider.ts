import type { Timer, TimeProvider } from '../../providers/time-provider';
import { eventKind, type ScheduledEvent } from '../timeline/event-queue';
import { never, type NodeLife } from '../timeline/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';
import { TIME_GRAIN_MS } from '../timeline/virtual-time';
import type { SimulatedClock } from './simulated-clock';
import type { SlowSleeps } from './slow-sleeps';

const TIMER = eventKind('timer');
const SLEEP = eventKind('sleep');
/**
 * As in Node.js, a timer that is late because the process stood still runs behind what has arrived meanwhile: so much later, in
 * virtual milliseconds, than what was held.
 */
const LATE_MS = 20;
const BEHIND_INPUT_MS = 1;
const DEAD_TIMER: Timer = { cancel: () => undefined };

/** The clocks and timers of one life of a simulated machine. */
export class SimulatedTimeProvider implements TimeProvider {
  /** When the last of the timers runs that wait behind the input because they are late: those that are due after them keep behind them. */
  private behindUntil = Number.NEGATIVE_INFINITY;

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
    const virtualMs = this.clock.virtualDelay(delayMs);
    const dueAt = this.engine.now + virtualMs;
    let event = this.engine.schedule(virtualMs, TIMER, this.life, () => {
      const { now } = this.engine;
      if (now - dueAt > LATE_MS) event = this.runBehind(now + BEHIND_INPUT_MS, callback);
      else if (now <= this.behindUntil) event = this.runBehind(now, callback);
      else callback();
    });
    return { cancel: () => this.engine.cancel(event) };
  }

  private runBehind(moment: number, callback: () => void): ScheduledEvent {
    this.behindUntil = Math.max(this.behindUntil, moment) + TIME_GRAIN_MS;
    return this.engine.scheduleAt(this.behindUntil, TIMER, this.life, callback);
  }

  sleep(delayMs: number): Promise<void> {
    if (!this.life.enter()) return never();
    return new Promise<void>((resolve) => {
      this.engine.schedule(
        this.clock.virtualDelay(delayMs) + (this.slowSleeps?.extraMs(this.life.machine) ?? 0),
        SLEEP,
        this.life,
        resolve,
      );
    });
  }
}
