import type { World } from '../engine/world';
import type { NetworkFabric } from '../network/network-fabric';
import { STORE_HOST } from '../store/simulated-store';
import type { AttritionFaults, PartitionFaults } from './chaos-profile';

/** What the director can do to a cluster. */
export interface ChaosTarget {
  /** The nodes that run, by name. */
  readonly runningNodes: readonly string[];
  /** How many nodes there are, running or not. */
  readonly nodeCount: number;
  hostOf(node: string): string;
  /** The hosts of clients. */
  readonly clientHosts: readonly string[];
  crashNode(node: string): void;
  restartNode(node: string): void;
}

/** How often partitions are rolled for, in milliseconds. */
const PARTITION_INTERVAL_MS = 1_000;

type Pair = { readonly from: string; readonly to: string };

/** Brings partitions and crashes upon a cluster while it runs. Every decision is a keyed roll of its own. */
export class ChaosDirector {
  private isRunning = false;

  constructor(
    private readonly world: World,
    private readonly fabric: NetworkFabric,
    private readonly target: ChaosTarget,
    private readonly partition: PartitionFaults,
    private readonly attrition: AttritionFaults,
  ) {}

  start(): void {
    this.isRunning = true;
    if (this.partition.probability > 0) this.schedulePartition();
    if (this.attrition.probability > 0) this.scheduleAttrition();
  }

  /** No more faults; what was done stays done. */
  stop(): void {
    this.isRunning = false;
  }

  private schedulePartition(): void {
    this.world.schedule(undefined, PARTITION_INTERVAL_MS, 'chaos', () => {
      if (!this.isRunning) return;
      const rolls = this.world.random.rolls('partition');
      if (rolls.happens(this.partition.probability)) this.makePartition();
      this.schedulePartition();
    });
  }

  private makePartition(): void {
    const rolls = this.world.random.rolls('partition-shape');
    const nodes = this.target.runningNodes.map((node) => this.target.hostOf(node));
    const others = [...this.target.clientHosts, STORE_HOST];
    const lonely = rolls.pick([...nodes, ...(nodes.length === 0 ? others : [])]);
    const shape = rolls.pick(['isolate', 'halves', 'one-way', 'store-only', 'bridge'] as const);
    const pairs = this.pairsOf(shape, lonely, nodes, others);
    for (const { from, to } of pairs) this.fabric.partitions.block(from, to);
    const forMs = rolls.between(this.partition.minMs, this.partition.maxMs);
    this.world.record('', 'fault-partition', { shape, host: lonely, forMs: Math.round(forMs) });
    this.world.schedule(undefined, forMs, 'heal', () => this.fabric.partitions.heal(pairs));
  }

  private pairsOf(shape: string, lonely: string, nodes: readonly string[], others: readonly string[]): readonly Pair[] {
    const rest = nodes.filter((host) => host !== lonely);
    switch (shape) {
      case 'isolate':
        return bothWays([lonely], [...rest, ...others]);
      case 'halves': {
        const half = rest.slice(0, Math.floor(rest.length / 2));
        return bothWays([lonely, ...half], [...rest.filter((host) => !half.includes(host)), STORE_HOST]);
      }
      case 'one-way':
        return [...rest, ...others].map((to) => ({ from: lonely, to }));
      case 'store-only':
        return bothWays([lonely], [STORE_HOST]);
      default:
        // Nodes that cannot reach each other while each of them reaches the store and the clients.
        return bothWays([lonely], rest);
    }
  }

  private scheduleAttrition(): void {
    const { minIntervalMs, maxIntervalMs, probability, minDownMs, maxDownMs } = this.attrition;
    const rolls = this.world.random.rolls('attrition');
    this.world.schedule(undefined, rolls.between(minIntervalMs, maxIntervalMs), 'chaos', () => {
      if (!this.isRunning) return;
      const { runningNodes, nodeCount } = this.target;
      // A minority may be down at a time, so that somebody can go on.
      const mayCrash = nodeCount - runningNodes.length < Math.max(1, Math.floor((nodeCount - 1) / 2));
      if (mayCrash && runningNodes.length > 0 && rolls.happens(probability)) {
        const victim = rolls.pick(runningNodes);
        this.target.crashNode(victim);
        this.world.schedule(undefined, rolls.between(minDownMs, maxDownMs), 'restart', () => this.target.restartNode(victim));
      }
      this.scheduleAttrition();
    });
  }
}

function bothWays(some: readonly string[], others: readonly string[]): readonly Pair[] {
  return some.flatMap((a) => others.flatMap((b) => [{ from: a, to: b }, { from: b, to: a }]));
}
