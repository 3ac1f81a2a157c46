import { MoonpoolError } from '../../errors/moonpool-error';
import { choice, duration } from '../../options/option-kind';
import { optionTable } from '../../options/option-table';
import { bothWays } from '../network/partitions/partition-rule';
import type { RollSequence } from '../random/keyed-rolls';
import { STORE_MACHINE } from '../cluster-store/simulated-store';
import type { SimulatedNode } from '../world/simulated-node';
import type { SimulatedWorld } from '../world/simulated-world';

/** How often the cluster is looked at while it comes to rest, in milliseconds of virtual time. */
const POLL_MS = 100;
const DEFAULT_WITHIN_MS = 120_000;

/** How a cluster is brought to rest. */
export interface QuiesceOptions {
  /**
   * `all`, the default: every node runs again. `core`: a majority does, which the seed picks, and the others stay out for
   * good. Healing everything would hide a cluster that makes no progress unless everything is healed.
   */
  readonly survivors?: 'all' | 'core';
  /**
   * What becomes of the nodes outside of the core. `down`: they are dead and not started again. `cut-off`: they run, and
   * reach nobody. `any`, the default: for each, the seed decides.
   */
  readonly outside?: 'down' | 'cut-off' | 'any';
  /** How long it may take, in milliseconds of virtual time. Default: 120,000. */
  readonly withinMs?: number;
}

export const QUIESCE_OPTIONS = optionTable<QuiesceOptions>({
  survivors: choice('all', 'core'),
  outside: choice('down', 'cut-off', 'any'),
  withinMs: duration(),
});

/** What a quiescence needs from its cluster. */
export interface QuiescentCluster {
  readonly nodes: readonly SimulatedNode[];
  readonly clientNames: readonly string[];
  readonly now: number;
  sleep(ms: number): Promise<void>;
}

/** The way of a cluster to rest after its last fault. */
export class Quiescence {
  private readonly rolls: RollSequence;
  private readonly survivors: readonly SimulatedNode[];

  constructor(
    private readonly world: SimulatedWorld,
    private readonly cluster: QuiescentCluster,
    private readonly options: QuiesceOptions,
  ) {
    this.rolls = world.engine.rolls.sequence('quiesce');
    this.survivors = options.survivors === 'core' ? this.pickMajority() : cluster.nodes;
  }

  /** Resolves to the nodes that serve from now on. @throws MoonpoolError SIMULATION_FAILED when it takes too long. */
  async reach(): Promise<readonly SimulatedNode[]> {
    const { cluster, survivors } = this;
    const withinMs = this.options.withinMs ?? DEFAULT_WITHIN_MS;
    for (const node of cluster.nodes) if (!survivors.includes(node)) this.leaveOut(node);
    const deadline = cluster.now + withinMs;
    while (!(await this.isReached())) {
      if (cluster.now > deadline) throw this.tookTooLong(withinMs);
      for (const node of survivors) if (!node.isOn) void node.start();
      await cluster.sleep(POLL_MS);
    }
    return survivors;
  }

  private async isReached(): Promise<boolean> {
    // A node that is shutting down has a runtime still, and is a member until the store has heard that it leaves.
    if (this.survivors.some((node) => !node.isServing)) return false;
    const members = await this.world.store.activeMembers();
    // Whoever is out must be known to be out: until then actors are placed there.
    return members.length === this.survivors.length && this.survivors.every(({ name }) => members.includes(name));
  }

  private pickMajority(): readonly SimulatedNode[] {
    const candidates = [...this.cluster.nodes];
    const majority = Math.floor(candidates.length / 2) + 1;
    while (candidates.length > majority) candidates.splice(this.rolls.below(candidates.length), 1);
    return candidates;
  }

  private leaveOut(node: SimulatedNode): void {
    const { outside = 'any' } = this.options;
    const isDown = outside === 'any' ? this.rolls.chance(0.5) : outside === 'down';
    this.world.engine.record(undefined, 'left-out', { node: node.name, how: isDown ? 'down' : 'cut-off' });
    if (isDown) {
      node.leaveDown();
      return;
    }
    const others = this.cluster.nodes.filter((other) => other !== node).map(({ name }) => name);
    this.world.partitions.block(bothWays([node.name], [...others, ...this.cluster.clientNames, STORE_MACHINE]));
  }

  private tookTooLong(withinMs: number): MoonpoolError {
    const running = this.cluster.nodes.filter(({ runtime }) => runtime !== undefined).map(({ name }) => name);
    const message = `The cluster did not recover within ${withinMs} ms after the last fault; running nodes: ${running.join(', ') || 'none'}`;
    return new MoonpoolError('SIMULATION_FAILED', { message });
  }
}
