import type { FaultSwitch } from '../random/keyed-rolls';
import type { SimulationEngine } from '../engine/simulation-engine';
import { integerPower } from '../random/mixing';
import type { SleepFaults } from './clock-faults';

/** So steep that most delays are next to nothing and few are long, as the delays of a loaded machine are. */
const STEEPNESS = 1_000;

/** Sleeps that last longer than they were asked to, as on a busy machine. */
export class SlowSleeps {
  constructor(
    private readonly engine: SimulationEngine,
    private readonly sleeps: SleepFaults,
    private readonly faults: FaultSwitch,
  ) {}

  /** How much longer the next sleep on the machine lasts, in milliseconds. */
  extraMs(machine: string): number {
    if (!this.faults.areOn) return 0;
    const rolls = this.engine.rolls.sequence('slow-sleep', machine);
    return rolls.chance(this.sleeps.probability) ? this.sleeps.maxMs * integerPower(rolls.fraction(), STEEPNESS) : 0;
  }
}
