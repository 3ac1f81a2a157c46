import type { SimulationEngine } from '../engine/simulation-engine';
import { onGrain, TIME_GRAIN_MS } from '../engine/virtual-time';
import type { RollSequence } from '../random/keyed-rolls';

/** How far the clocks of machines may differ. */
export interface ClockRange {
  /** How far a wall clock is ahead, at most, in milliseconds. */
  readonly wallOffsetMs: number;
  /** How far the rate of a monotonic clock is from 1, at most. */
  readonly rateDeviation: number;
}

/** How the clocks of a machine differ from virtual time. */
export interface ClockSkew {
  /** What the monotonic clock shows when virtual time begins: clocks of two machines must never be compared. */
  readonly monotonicOffsetMs: number;
  /** Milliseconds of the monotonic clock for each of virtual time; 1 is exact. */
  readonly rate: number;
  /** How far the wall clock is ahead. */
  readonly wallOffsetMs: number;
}

/** 2026-01-01T00:00:00Z: when every simulated world begins. */
const WALL_CLOCK_ORIGIN_MS = 1_767_225_600_000;

/** The longest time that a machine has been up when a world begins, in milliseconds. */
const LONGEST_UPTIME_MS = 1_000_000;

/** The skew of one machine's clocks. */
export function drawSkew(range: ClockRange, rolls: RollSequence): ClockSkew {
  return {
    monotonicOffsetMs: rolls.between(0, LONGEST_UPTIME_MS),
    wallOffsetMs: rolls.between(0, range.wallOffsetMs),
    rate: range.rateDeviation === 0 ? 1 : 1 + rolls.between(-range.rateDeviation, range.rateDeviation),
  };
}

/** The clocks of one machine. They go on when its process dies. */
export class SimulatedClock {
  private readonly offsetMs: number;

  constructor(
    private readonly engine: SimulationEngine,
    private readonly skew: ClockSkew,
  ) {
    this.offsetMs = onGrain(skew.monotonicOffsetMs);
  }

  now(): number {
    return this.at(this.engine.now);
  }

  wallClock(): number {
    return WALL_CLOCK_ORIGIN_MS + Math.floor(this.engine.now * this.skew.rate + this.skew.wallOffsetMs);
  }

  /** The virtual delay after which this clock has surely moved on by the delay. */
  virtualDelay(delayMs: number): number {
    if (this.skew.rate === 1 || !(delayMs > 0)) return delayMs;
    const target = this.now() + delayMs;
    let virtualMs = onGrain(delayMs / this.skew.rate);
    while (this.at(this.engine.now + virtualMs) < target && virtualMs < Number.MAX_SAFE_INTEGER) virtualMs += TIME_GRAIN_MS;
    return virtualMs;
  }

  private at(virtualMs: number): number {
    return this.offsetMs + (this.skew.rate === 1 ? virtualMs : virtualMs * this.skew.rate);
  }
}
