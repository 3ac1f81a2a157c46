import type { SimulationEngine } from '../../engine/simulation-engine';
import { alongScale, type ChaosTarget, type Disturbance } from './disturbance';

/** Pauses of whole processes, as by a collection of garbage or SIGSTOP: rolled for each node each second. */
export interface PauseFaults {
  readonly probability: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** Lets processes stand still, shortly as a rule and now and then past their lease. */
export class Pauses implements Disturbance {
  constructor(
    private readonly engine: SimulationEngine,
    private readonly target: ChaosTarget,
    private readonly faults: PauseFaults,
  ) {}

  intervalMs(): number {
    return 1_000;
  }

  act(): void {
    const { probability, minMs, maxMs } = this.faults;
    for (const node of this.target.nodesOn) {
      const rolls = this.engine.rolls.sequence('pause', node);
      if (!rolls.strikes(probability)) continue;
      const forMs = alongScale(rolls.manner(), minMs, maxMs);
      rolls.tells({ forMs });
      this.target.pauseNode(node, forMs);
    }
  }
}
