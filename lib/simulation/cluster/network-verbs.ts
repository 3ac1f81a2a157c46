import type { PartitionShape } from '../network/partitions/partition-shape';
import { swizzle } from '../network/partitions/swizzle';
import { STORE_MACHINE } from '../cluster-store/simulated-store';
import type { NodeLife } from '../timeline/node-life';
import type { SimulatedNode } from '../world/simulated-node';
import type { SimulatedWorld } from '../world/simulated-world';
import { asEvent, clog, keepStable, separate, separateByShape, unclog } from './cluster-verbs';
import type { SimulatedHost } from './simulated-host';
import { checkVerb } from './verb-arguments';
import { SWIZZLE_OPTIONS, type ClogOptions, type IsolateNodeOptions, type SwizzleOptions } from './verb-options';

/** The verbs of a cluster by which a test disturbs what is between its machines. */
export abstract class NetworkVerbs {
  abstract readonly nodes: readonly SimulatedNode[];
  abstract readonly clientNames: readonly string[];
  protected readonly testLife: NodeLife;

  constructor(protected readonly world: SimulatedWorld) {
    this.testLife = world.engine.beginLife('test', 1);
  }

  /** Nothing gets from one node or host to the other or back, until {@link heal} or for the time. */
  partition(a: SimulatedNode | SimulatedHost, b: SimulatedNode | SimulatedHost, forMs?: number): void {
    checkVerb('partition', { a, b, forMs });
    separate(this.world, [a.name], [b.name], forMs);
  }

  /**
   * Nothing gets to or from the node, until {@link heal} or for the time. @param options `fromOthers: false` leaves it the nodes and
   * clients, so that its lease runs out while its connections live; `fromStore: false` leaves it the store.
   */
  isolate(node: SimulatedNode, options: IsolateNodeOptions = {}): void {
    checkVerb('isolate', { node, options });
    const { fromStore = true, fromOthers = true, forMs } = options;
    const others = [...this.nodes.filter((other) => other !== node).map(({ name }) => name), ...this.clientNames];
    separate(this.world, [node.name], [...(fromOthers ? others : []), ...(fromStore ? [STORE_MACHINE] : [])], forMs);
  }

  /**
   * Keeps machines apart by a shape, until {@link heal} or for the time. @param node whom it is about; what else the shape
   * leaves open, the seed decides.
   */
  partitionBy(shape: PartitionShape, node: SimulatedNode, forMs?: number): void {
    checkVerb('partitionBy', { shape, node, forMs });
    separateByShape(
      this.world,
      shape,
      node.name,
      { nodes: this.nodes.map(({ name }) => name), clients: this.clientNames, store: STORE_MACHINE },
      forMs,
    );
  }

  /**
   * Lets what one node sends to another wait: it arrives later, whole and in order. @param options `side`: what the
   * sender writes, the default, or what the receiver reads; `forMs`: how long, until {@link unclog} by default.
   */
  clog(from: SimulatedNode, to: SimulatedNode, options: ClogOptions = {}): void {
    checkVerb('clog', { from, to, options });
    const { side = 'writing', forMs } = options;
    clog(this.world, { from: from.name, to: to.name }, side, forMs);
  }

  /** Frees what was clogged from one node to another. Default: everything. */
  unclog(from?: SimulatedNode, to?: SimulatedNode): void {
    if (from !== undefined || to !== undefined) checkVerb('unclog', { from, to });
    unclog(this.world, from === undefined || to === undefined ? undefined : { from: from.name, to: to.name });
  }

  /**
   * Stops the links of nodes, one node after another, and restores them in another order that the seed decides. Resolves
   * when all are open again. @param options `nodes`: whose links, all by default; `forMs`: how long all that takes, 2,000 by default.
   */
  swizzle(options: SwizzleOptions = {}): Promise<void> {
    SWIZZLE_OPTIONS.check('cluster.swizzle', options);
    const { nodes = this.nodes, forMs = 2_000 } = options;
    const { engine, partitions } = this.world;
    const machines = nodes.map(({ name }) => name);
    const others = [...this.nodes.map(({ name }) => name), ...this.clientNames, STORE_MACHINE];
    return new Promise<void>((resolve) => {
      swizzle(engine, partitions, { machines, others, forMs, rolls: engine.rolls.sequence('test-swizzle') }, resolve);
    });
  }

  /** From now on nothing breaks, closes or garbles by chance between the two; what a test does to them is done. */
  keepStable(a: SimulatedNode, b: SimulatedNode): void {
    checkVerb('keepStable', { a, b });
    keepStable(this.world, a.name, b.name);
  }

  /** All partitions end. */
  heal(): void {
    this.world.engine.record(undefined, 'heal');
    this.world.partitions.healAll();
  }

  /** Breaks all connections between two nodes. Resolves to how many there were. */
  async cut(a: SimulatedNode, b: SimulatedNode): Promise<number> {
    checkVerb('cut', { a, b });
    let broken = 0;
    await this.happen(() => {
      broken = this.world.network.cutBetween(a.machine.parts.sockets, b.machine.parts.sockets);
      this.world.engine.record(undefined, 'cut', { a: a.name, b: b.name, broken });
    });
    return broken;
  }

  /** Lets it happen as an event of its own: a test speaks from a promise job, in the middle of what others are doing. */
  protected happen(verb: () => void): Promise<void> {
    return asEvent(this.world, this.testLife, verb);
  }
}
