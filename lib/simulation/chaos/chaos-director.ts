import { eventKind } from '../engine/event-queue';
import type { SimulationEngine } from '../engine/simulation-engine';
import { bothWays, type PartitionRule, type Way } from '../network/partition-rule';
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

/** How machines are kept apart. */
const SHAPES = ['isolate', 'halves', 'one-way-out', 'one-way-in', 'store-only', 'bridge'] as const;

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
      if (this.rolls('partition').strikes(this.partitions.probability)) this.makePartition();
      this.schedulePartition();
    });
  }

  private makePartition(): void {
    const rolls = this.rolls('partition-shape');
    const nodes = this.target.nodesOn;
    if (nodes.length === 0) return;
    const lonely = rolls.pick(nodes);
    const shape = rolls.pick(SHAPES);
    const forMs = rolls.between(this.partitions.minMs, this.partitions.maxMs);
    const end = this.partitionRule.block(this.waysOf(shape, lonely, nodes, rolls));
    this.engine.record(undefined, 'partition', { shape, node: lonely, forMs: Math.round(forMs) });
    this.engine.schedule(forMs, HEAL, undefined, end);
  }

  private waysOf(shape: (typeof SHAPES)[number], lonely: string, nodes: readonly string[], rolls: RollSequence): readonly Way[] {
    const rest = nodes.filter((node) => node !== lonely);
    const outside = [...this.target.clientNames, STORE_MACHINE];
    switch (shape) {
      case 'isolate':
        return bothWays([lonely], [...rest, ...outside]);
      case 'halves': {
        const all = [...rest, ...outside];
        const half = all.filter(() => rolls.chance(0.5));
        return bothWays([lonely, ...half], all.filter((machine) => !half.includes(machine)));
      }
      case 'one-way-out':
        return [...rest, ...outside].map((to) => ({ from: lonely, to }));
      case 'one-way-in':
        return [...rest, ...outside].map((from) => ({ from, to: lonely }));
      case 'store-only':
        return bothWays([lonely], [STORE_MACHINE]);
      case 'bridge':
        // Nodes that cannot reach each other while each of them reaches the store and the clients.
        return bothWays([lonely], rest);
    }
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
