import type { FaultSwitch } from '../random/keyed-rolls';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { DeviceFigures, DeviceStalls } from './device-figures';

/** How long a device needs for its operations, one after another; its latency comes on top. */
export class DevicePace {
  private busyUntil = 0;
  private throttledUntil = 0;
  private divisor = 1;

  constructor(
    private readonly engine: SimulationEngine,
    private readonly machine: string,
    private readonly figures: DeviceFigures,
    private readonly stalls: DeviceStalls,
    private readonly faults: FaultSwitch,
  ) {}

  /** Takes the device's next free time for an operation; returns how long it is until that is over, in milliseconds. */
  takeTime(bytes: number): number {
    const { engine, figures } = this;
    if (this.faults.areOn) this.perhapsSlowDown();
    const divisor = engine.now < this.throttledUntil ? this.divisor : 1;
    const neededMs = divisor * (1_000 / figures.operationsPerSecond + (bytes * 1_000) / figures.bytesPerSecond);
    this.busyUntil = Math.max(this.busyUntil, engine.now) + neededMs;
    return this.busyUntil - engine.now;
  }

  private perhapsSlowDown(): void {
    const { engine, stalls } = this;
    const stallRolls = engine.rolls.sequence('disk-stall', this.machine);
    if (stallRolls.strikes(stalls.stallProbability)) {
      const forMs = stallRolls.manner().between(stalls.minStallMs, stalls.maxStallMs);
      stallRolls.tells({ forMs });
      this.busyUntil = Math.max(this.busyUntil, engine.now) + forMs;
    }
    const throttleRolls = engine.rolls.sequence('disk-throttle', this.machine);
    if (throttleRolls.strikes(stalls.throttleProbability)) {
      const manner = throttleRolls.manner();
      this.divisor = manner.between(stalls.minDivisor, stalls.maxDivisor);
      const forMs = manner.between(stalls.minThrottleMs, stalls.maxThrottleMs);
      throttleRolls.tells({ forMs, divisor: Math.round(this.divisor) });
      this.throttledUntil = engine.now + forMs;
    }
  }
}
