import { eventKind } from '../timeline/event-queue';
import type { NodeLife } from '../timeline/node-life';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { PartitionRule } from '../network/partitions/partition-rule';
import { Attrition } from './disturbances/attrition';
import { CallCrashes } from './disturbances/call-crashes';
import type { ChaosProfile } from './profile/chaos-profile';
import { ClockSteps } from './disturbances/clock-steps';
import { repeat, type ChaosTarget } from './disturbances/disturbance';
import { Partitions } from './disturbances/partitions';
import { Pauses } from './disturbances/pauses';

const PARTITION = eventKind('chaos-partition');
const ATTRITION = eventKind('chaos-attrition');
const PAUSE = eventKind('chaos-pause');
const CLOCK_STEP = eventKind('chaos-clock-step');

/** Brings upon a cluster, while it runs, what befalls whole machines. Every decision is a keyed roll of its own. */
export class ChaosDirector {
  private isRunning = false;
  private readonly callCrashes: CallCrashes;

  constructor(
    private readonly engine: SimulationEngine,
    private readonly partitionRule: PartitionRule,
    private readonly target: ChaosTarget,
    private readonly profile: ChaosProfile,
  ) {
    this.callCrashes = new CallCrashes(engine, target, profile.callCrashes, () => this.isRunning);
  }

  start(): void {
    this.isRunning = true;
    const { engine, target, profile } = this;
    const { partitions, attrition, pauses, clockSteps } = profile;
    const goesOn = () => this.isRunning;
    if (partitions.probability > 0)
      repeat(engine, PARTITION, new Partitions(engine, this.partitionRule, target, partitions), goesOn);
    if (attrition.probability > 0) repeat(engine, ATTRITION, new Attrition(engine, target, attrition), goesOn);
    if (pauses.probability > 0) repeat(engine, PAUSE, new Pauses(engine, target, pauses), goesOn);
    if (clockSteps.probability > 0) repeat(engine, CLOCK_STEP, new ClockSteps(engine, target, clockSteps), goesOn);
  }

  /** No more faults; what was done stays done. */
  stop(): void {
    this.isRunning = false;
  }

  /** A node has begun a life. */
  watch(life: NodeLife): void {
    this.callCrashes.watch(life);
  }
}
