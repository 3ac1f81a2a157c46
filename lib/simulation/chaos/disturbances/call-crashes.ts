import { eventKind } from '../../timeline/event-queue';
import type { NodeLife } from '../../timeline/node-life';
import type { SimulationEngine } from '../../engine/simulation-engine';
import { mayDie, type ChaosTarget } from './disturbance';

/** Crashes in the very moment in which a process calls the world. Times are in milliseconds. */
export interface CallCrashFaults {
  /** For each call of a provider. */
  readonly probability: number;
  /** How long the node stays down. */
  readonly minDownMs: number;
  readonly maxDownMs: number;
}

const RESTART = eventKind('chaos-restart');

/** Lets processes die at calls to their providers: the call is not made, and the code stops there. */
export class CallCrashes {
  constructor(
    private readonly engine: SimulationEngine,
    private readonly target: ChaosTarget,
    private readonly faults: CallCrashFaults,
    private readonly goesOn: () => boolean,
  ) {}

  /** From now on the life of a node may end at any call. */
  watch(life: NodeLife): void {
    if (this.faults.probability <= 0) return;
    const { machine } = life;
    const rolls = this.engine.rolls.sequence('call-crash', machine);
    life.beforeCall = () => {
      if (!this.goesOn() || !mayDie(this.target) || !rolls.strikes(this.faults.probability)) return;
      const downMs = rolls.manner().between(this.faults.minDownMs, this.faults.maxDownMs);
      rolls.tells({ forMs: downMs });
      this.target.crashNode(machine);
      this.engine.schedule(downMs, RESTART, undefined, () => this.target.restartNode(machine));
    };
  }
}
