import type { SimulationEngine } from '../engine/simulation-engine';
import { onGrain, TIME_GRAIN_MS } from '../timeline/virtual-time';
import type { RollSequence } from '../random/keyed-rolls';
import type { ClockRange } from './clock-faults';

/** How the clocks of a machine differ from virtual time. */
export interface ClockSkew {
  /** What the monotonic clock shows when virtual time begins: clocks of two machines must never be compared. */
  readonly monotonicOffsetMs: number;
  /** Milliseconds of the monotonic clock for each of virtual time; 1 is exact. */
  readonly rate: number;
  /** How far the wall clock is ahead at the beginning. */
  readonly wallOffsetMs: number;
  /** How far it may get ahead of that. Default: not at all. */
  readonly wallDriftMs?: number;
}

/** 2026-01-01T00:00:00Z: when every simulated world begins. */
export const WALL_CLOCK_ORIGIN_MS = 1_767_225_600_000;

/** The longest time that a machine has been up when a world begins, in milliseconds. */
const LONGEST_UPTIME_MS = 1_000_000;

/** The skew of one machine's clocks. */
export function drawSkew(range: ClockRange, rolls: RollSequence): ClockSkew {
  return {
    monotonicOffsetMs: rolls.between(0, LONGEST_UPTIME_MS),
    wallOffsetMs: rolls.between(0, range.wallOffsetMs),
    wallDriftMs: range.wallDriftMs,
    rate: range.rateDeviation === 0 ? 1 : 1 + rolls.between(-range.rateDeviation, range.rateDeviation),
  };
}

/** The clocks of one machine. They go on when its process dies. */
export class SimulatedClock {
  /** What the monotonic clock showed, and the virtual time then, when its rate was set. */
  private base: { readonly shownMs: number; readonly virtualMs: number };
  private rate: number;
  private wallAheadMs: number;
  private driftedMs = 0;

  /** @param rolls decide how the wall clock drifts; without them it does not. */
  constructor(
    private readonly engine: SimulationEngine,
    private readonly skew: ClockSkew,
    private readonly rolls?: RollSequence,
  ) {
    this.base = { shownMs: onGrain(skew.monotonicOffsetMs), virtualMs: 0 };
    this.rate = skew.rate;
    this.wallAheadMs = skew.wallOffsetMs;
  }

  now(): number {
    return this.at(this.engine.now);
  }

  wallClock(): number {
    // The nearer it has come to its bound, the slower it drifts; it never goes back by itself.
    const { wallDriftMs = 0 } = this.skew;
    if (wallDriftMs > 0 && this.rolls !== undefined)
      this.driftedMs += (this.rolls.fraction() * (wallDriftMs - this.driftedMs)) / 2;
    return Math.floor(WALL_CLOCK_ORIGIN_MS + this.now() - this.originMs() + this.wallAheadMs + this.driftedMs);
  }

  /** Somebody sets the wall clock. @param byMs forth, or back when negative. */
  step(byMs: number): void {
    this.wallAheadMs += byMs;
  }

  /** From now on the clocks run at this rate. Timers that are set already fire when they would have. @param rate above 0; 1 is exact. */
  runAt(rate: number): void {
    this.base = { shownMs: this.now(), virtualMs: this.engine.now };
    this.rate = rate;
  }

  /** The virtual delay after which this clock has surely moved on by the delay. */
  virtualDelay(delayMs: number): number {
    if (this.rate === 1 || !(delayMs > 0)) return delayMs;
    const target = this.now() + delayMs;
    let virtualMs = onGrain(delayMs / this.rate);
    while (this.at(this.engine.now + virtualMs) < target && virtualMs < Number.MAX_SAFE_INTEGER)
      virtualMs += TIME_GRAIN_MS;
    return virtualMs;
  }

  private at(virtualMs: number): number {
    const { shownMs, virtualMs: sinceMs } = this.base;
    return shownMs + (this.rate === 1 ? virtualMs - sinceMs : (virtualMs - sinceMs) * this.rate);
  }

  private originMs(): number {
    return onGrain(this.skew.monotonicOffsetMs);
  }
}
