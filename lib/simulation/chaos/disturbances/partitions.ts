import { eventKind } from '../../timeline/event-queue';
import type { SimulationEngine } from '../../engine/simulation-engine';
import type { PartitionRule } from '../../network/partitions/partition-rule';
import { PARTITION_SHAPES, waysOfPartition } from '../../network/partitions/partition-shape';
import { swizzle } from '../../network/partitions/swizzle';
import type { RollSequence } from '../../random/keyed-rolls';
import { STORE_MACHINE } from '../../cluster-store/simulated-store';
import type { ChaosTarget, Disturbance } from './disturbance';

/** Partitions: rolled each second. Times are in milliseconds, the probability 0 to 1. */
export interface PartitionFaults {
  readonly probability: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** How often partitions are rolled for, in milliseconds. */
const PARTITION_INTERVAL_MS = 1_000;

const SHAPES = [...PARTITION_SHAPES, 'swizzle'] as const;

const HEAL = eventKind('chaos-heal');

/** Keeps machines apart for a while, in every shape. */
export class Partitions implements Disturbance {
  constructor(
    private readonly engine: SimulationEngine,
    private readonly partitionRule: PartitionRule,
    private readonly target: ChaosTarget,
    private readonly faults: PartitionFaults,
  ) {}

  intervalMs(): number {
    return PARTITION_INTERVAL_MS;
  }

  act(): void {
    const rolls = this.engine.rolls.sequence('partition');
    if (rolls.strikes(this.faults.probability)) this.makePartition(rolls.manner());
  }

  private makePartition(rolls: RollSequence): void {
    const nodes = this.target.nodesOn;
    if (nodes.length === 0) return;
    const victim = rolls.pick(nodes);
    const shape = rolls.pick(SHAPES);
    const forMs = rolls.between(this.faults.minMs, this.faults.maxMs);
    const clients = this.target.clientNames;
    rolls.tells({ node: victim, shape, forMs });
    this.engine.record(undefined, 'partition', { shape, node: victim, forMs: Math.round(forMs) });
    if (shape === 'swizzle') {
      const machines = [victim, ...nodes.filter((node) => node !== victim && rolls.chance(0.5))];
      swizzle(this.engine, this.partitionRule, {
        machines,
        others: [...nodes, ...clients, STORE_MACHINE],
        forMs,
        rolls,
      });
      return;
    }
    const end = this.partitionRule.block(
      waysOfPartition(shape, victim, { nodes, clients, store: STORE_MACHINE }, rolls),
    );
    this.engine.schedule(forMs, HEAL, undefined, end);
  }
}
