import { MoonpoolError } from '../../errors/moonpool-error';
import type { NodeLife } from '../timeline/node-life';
import { placesOf } from '../topology/locality';
import { STORE_MACHINE } from '../cluster-store/simulated-store';
import type { Layout } from '../topology/layout';
import { asEvent, separate } from './cluster-verbs';
import type { Death } from '../world/simulated-machine';
import type { SimulatedNode } from '../world/simulated-node';
import type { SimulatedWorld } from '../world/simulated-world';
import { checkVerb } from './verb-arguments';
import { ISOLATE_OPTIONS, type IsolateOptions } from './verb-options';

/** The places of a cluster with a hierarchy, by their tags, such as `dc1`, `dc1-z2` or `dc1-z2-m1`, and what can be done to them. */
export class ClusterPlaces {
  constructor(
    private readonly world: SimulatedWorld,
    private readonly all: readonly SimulatedNode[],
    private readonly layout: Layout,
    private readonly testLife: NodeLife,
  ) {}

  /** The tags of all places where nodes stand. */
  get tags(): readonly string[] {
    return [...new Set(this.all.flatMap(({ tags }) => tags))];
  }

  /** The nodes of a place. @throws MoonpoolError INVALID_OPTION when there are none. */
  nodes(tag: string): readonly SimulatedNode[] {
    const nodes = this.all.filter(({ tags }) => tags.includes(tag));
    if (nodes.length > 0) return nodes;
    const known = this.tags.join(', ') || 'none, for it has no hierarchy';
    throw new MoonpoolError('INVALID_OPTION', {
      message: `No node stands in '${tag}'`,
      remedy: `Name a place that the topology of the cluster has: ${known}.`,
    });
  }

  /** All nodes of a place die at once. @param how power fails, by default. */
  crash(tag: string, how: Death = 'power'): Promise<void> {
    checkVerb('places.crash', { how });
    const nodes = this.nodes(tag);
    return asEvent(this.world, this.testLife, () => nodes.forEach((node) => node.crash(how)));
  }

  /** All nodes of a place start again. Resolves when they have started. */
  async restart(tag: string): Promise<void> {
    await Promise.all(this.nodes(tag).map((node) => node.start()));
  }

  /**
   * Nothing gets into a place or out of it until `heal`; inside, all goes on. @param options `fromStore`: whether the store is out
   * of reach too, true by default; `forMs`: how long, in milliseconds.
   */
  isolate(tag: string, options: IsolateOptions = {}): void {
    ISOLATE_OPTIONS.check('cluster.places.isolate', options);
    const { fromStore = true, forMs } = options;
    const inside = this.nodes(tag);
    const others = this.all.filter((node) => !inside.includes(node)).map(({ name }) => name);
    const clients = this.layout.clients.flatMap((locality, index) =>
      placesOf(locality).includes(tag) ? [] : [`client${index + 1}`],
    );
    separate(
      this.world,
      inside.map(({ name }) => name),
      [...others, ...clients, ...(fromStore ? [STORE_MACHINE] : [])],
      forMs,
    );
  }

  /** Nothing gets from the nodes of one place to those of another or back, until `heal` or for so many milliseconds. */
  partition(tag: string, other: string, forMs?: number): void {
    checkVerb('places.partition', { forMs });
    separate(
      this.world,
      this.nodes(tag).map(({ name }) => name),
      this.nodes(other).map(({ name }) => name),
      forMs,
    );
  }

  /** The nodes that lose power when this one does, itself included. */
  sharingMachine(node: SimulatedNode): readonly SimulatedNode[] {
    checkVerb('places.sharingMachine', { node });
    const { locality } = node;
    return locality === undefined ? [node] : this.all.filter((other) => other.locality?.machine === locality.machine);
  }
}
