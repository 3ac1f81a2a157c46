import type { SimulationEngine } from '../../engine/simulation-engine';
import type { ClockStepFaults } from '../../providers/clock-faults';
import { type ChaosTarget, type Disturbance, alongScale } from './disturbance';

/** Sets the wall clocks of machines forth and back. */
export class ClockSteps implements Disturbance {
  constructor(
    private readonly engine: SimulationEngine,
    private readonly target: ChaosTarget,
    private readonly faults: ClockStepFaults,
  ) {}

  intervalMs(): number {
    return 1_000;
  }

  act(): void {
    const { probability, minMs, maxMs } = this.faults;
    for (const node of this.target.nodeNames) {
      const rolls = this.engine.rolls.sequence('clock-step', node);
      if (!rolls.strikes(probability)) continue;
      const manner = rolls.manner();
      const direction = manner.chance(0.5) ? 1 : -1;
      const byMs = direction * Math.round(alongScale(manner, minMs, maxMs));
      rolls.tells({ byMs });
      this.target.stepClock(node, byMs);
    }
  }
}
