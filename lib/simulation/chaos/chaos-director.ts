import { eventKind } from '../engine/event-queue';
import type { SimulationEngine } from '../engine/simulation-engine';
import type { PartitionRule } from '../network/partition-rule';
import { PARTITION_SHAPES, waysOfPartition } from '../network/partition-shape';
import { swizzle } from '../network/swizzle';
import type { RollSequence } from '../random/keyed-rolls';
import { STORE_MACHINE } from '../store/simulated-store';
import type { AttritionFaults } from './machine-chaos';
import type { PartitionFaults } from './network-chaos';

/** What the director can do to a cluster. */
export interface ChaosTarget {
  /** The nodes whose process runs, be it that it has only begun to start, by name. */
  readonly nodesOn: readonly string[];
  /** How many nodes there are, running or not. */
  readonly nodeCount: number;
  /** The machines of clients, by name. */
  readonly clientNames: readonly string[];
  crashNode(node: string): void;
  restartNode(node: string): void;
}

/** How often partitions are rolled for, in milliseconds. */
const PARTITION_INTERVAL_MS = 1_000;

const SHAPES = [...PARTITION_SHAPES, 'swizzle'] as const;

const PARTITION = eventKind('chaos-partition');
const HEAL = eventKind('chaos-heal');
const ATTRITION = eventKind('chaos-attrition');
const RESTART = eventKind('chaos-restart');

/** Brings partitions and crashes upon a cluster while it runs. Every decision is a keyed roll of its own. */
export class ChaosDirector {
  private isRunning = false;

  constructor(
    private readonly engine: SimulationEngine,
    private readonly partitionRule: PartitionRule,
    private readonly target: ChaosTarget,
    private readonly partitions: PartitionFaults,
    private readonly attrition: AttritionFaults,
  ) {}

  start(): void {
    this.isRunning = true;
    if (this.partitions.probability > 0) this.schedulePartition();
    if (this.attrition.probability > 0) this.scheduleAttrition();
  }

  /** No more faults; what was done stays done. */
  stop(): void {
    this.isRunning = false;
  }

  private schedulePartition(): void {
    this.engine.schedule(PARTITION_INTERVAL_MS, PARTITION, undefined, () => {
      if (!this.isRunning) return;
      const rolls = this.rolls('partition');
      if (rolls.strikes(this.partitions.probability)) this.makePartition(rolls.manner());
      this.schedulePartition();
    });
  }

  private makePartition(rolls: RollSequence): void {
    const nodes = this.target.nodesOn;
    if (nodes.length === 0) return;
    const victim = rolls.pick(nodes);
    const shape = rolls.pick(SHAPES);
    const forMs = rolls.between(this.partitions.minMs, this.partitions.maxMs);
    const clients = this.target.clientNames;
    this.engine.record(undefined, 'partition', { shape, node: victim, forMs: Math.round(forMs) });
    if (shape === 'swizzle') {
      const machines = [victim, ...nodes.filter((node) => node !== victim && rolls.chance(0.5))];
      swizzle(this.engine, this.partitionRule, { machines, others: [...nodes, ...clients, STORE_MACHINE], forMs, rolls });
      return;
    }
    const end = this.partitionRule.block(waysOfPartition(shape, victim, { nodes, clients, store: STORE_MACHINE }, rolls));
    this.engine.schedule(forMs, HEAL, undefined, end);
  }

  private scheduleAttrition(): void {
    const { minIntervalMs, maxIntervalMs, probability, minDownMs, maxDownMs } = this.attrition;
    this.engine.schedule(this.rolls('attrition-interval').between(minIntervalMs, maxIntervalMs), ATTRITION, undefined, () => {
      if (!this.isRunning) return;
      const { nodesOn, nodeCount } = this.target;
      // Somebody must be left to go on; of a single node, its disk.
      const maxDead = Math.max(1, nodeCount - 1);
      const mayCrash = nodesOn.length > 0 && nodeCount - nodesOn.length < maxDead;
      if (mayCrash && this.rolls('attrition').strikes(probability)) {
        const victim = this.rolls('attrition-victim').pick(nodesOn);
        const downMs = this.rolls('attrition-down').between(minDownMs, maxDownMs);
        this.target.crashNode(victim);
        this.engine.schedule(downMs, RESTART, undefined, () => this.target.restartNode(victim));
      }
      this.scheduleAttrition();
    });
  }

  private rolls(site: string): RollSequence {
    return this.engine.rolls.sequence(site);
  }
}
