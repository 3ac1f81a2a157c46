import { MoonpoolError } from '../../errors/moonpool-error';
import type { RandomProvider } from '../../providers/random-provider';
import { ActorRuntime } from '../../runtime/actor-runtime';
import { ChaosDirector, type ChaosTarget } from '../chaos/chaos-director';
import type { ChaosProfile } from '../chaos/chaos-profile';
import { NodeLife } from '../engine/node-life';
import type { World } from '../engine/world';
import { ConnectionCutRule } from '../network/connection-cut-rule';
import { LatencyRule } from '../network/latency-rule';
import { NetworkFabric } from '../network/network-fabric';
import { Xoshiro } from '../random/xoshiro';
import { SimulatedDisk } from '../storage/simulated-disk';
import { SimulatedStore, STORE_HOST } from '../store/simulated-store';
import { Coverage } from './coverage';
import { SimulatedNode, type SimulatedApplication } from './simulated-node';
import { simulatedWorld, type SharedWorld } from './simulated-world-module';

/** How often the cluster is looked at while it comes to rest, and for how long at most, in milliseconds of virtual time. */
const REST_POLL_MS = 100;
const REST_LIMIT_MS = 120_000;

/** A cluster in a simulated world, as a test sees it: its nodes and clients, and the verbs that disturb them. */
export class SimulatedCluster implements ChaosTarget {
  readonly nodes: readonly SimulatedNode[];
  /** Randomness of the test itself, from the seed. */
  readonly random: RandomProvider;
  /** What the test declared with {@link sometimes}. */
  readonly coverage = new Coverage();
  private readonly shared: SharedWorld;
  private readonly director: ChaosDirector;
  private readonly cuts: ConnectionCutRule;
  private readonly clients: ActorRuntime[] = [];
  private readonly hostsOfClients: string[] = [];
  private readonly testLife = new NodeLife('test', 1);

  constructor(
    readonly world: World,
    private readonly application: SimulatedApplication,
    profile: ChaosProfile,
    readonly nodeCount: number,
  ) {
    this.cuts = new ConnectionCutRule(world.random, profile.cutProbability);
    const rules = [new LatencyRule(world.random, profile.delivery), this.cuts];
    const fabric = new NetworkFabric(world, rules, profile.connect, profile.splitProbability);
    this.shared = { world, fabric, store: new SimulatedStore(world, fabric, profile.store) };
    this.director = new ChaosDirector(world, fabric, this, profile.partition, profile.attrition);
    this.random = new Xoshiro(world.random.seedOf('test'));
    this.nodes = Array.from(
      { length: nodeCount },
      (_, index) => new SimulatedNode(`node${index + 1}`, `10.0.0.${index + 1}`, this.shared, application),
    );
  }

  /** The store that all nodes share. */
  get store(): SimulatedStore {
    return this.shared.store;
  }

  /** Milliseconds of virtual time since the beginning. */
  get now(): number {
    return this.world.now;
  }

  get runningNodes(): readonly string[] {
    return this.nodes.filter((node) => node.runtime !== undefined).map((node) => node.name);
  }

  get clientHosts(): readonly string[] {
    return this.hostsOfClients;
  }

  hostOf(node: string): string {
    return this.node(node).host;
  }

  /** Starts all nodes and connects the clients; then the faults begin. */
  async start(clients: number): Promise<void> {
    const { store } = this.shared;
    // A cluster is founded in peace; from then on anything may happen.
    store.isFaulty = false;
    await Promise.all(this.nodes.map((node) => node.start()));
    for (let index = 0; index < clients; index++) this.clients.push(await this.connect(`client${index + 1}`));
    store.isFaulty = true;
    this.director.start();
  }

  /** A client that was connected at the beginning. @param index from 0. @throws MoonpoolError INVALID_OPTION */
  client(index = 0): ActorRuntime {
    const client = this.clients[index];
    if (client === undefined) {
      throw new MoonpoolError('INVALID_OPTION', { message: `The cluster has ${this.clients.length} clients, and client ${index} was asked for: set the option clients` });
    }
    return client;
  }

  /** Connects another client, on a machine of its own that never crashes. */
  connect(name: string): Promise<ActorRuntime> {
    const life = new NodeLife(name, 1);
    const host = `10.0.1.${this.hostsOfClients.length + 1}`;
    this.hostsOfClients.push(host);
    const { namespace, actors, modules, leaseTtlMs } = this.application;
    const world = simulatedWorld(this.shared, life, host, new SimulatedDisk(name, this.world.random));
    return ActorRuntime.connect({
      name,
      namespace,
      actors,
      lease: { ttlMs: leaseTtlMs },
      transport: { reconnectMaxMs: 2_000 },
      modules: [...modules, world],
    });
  }

  /** Resolves after the time has passed, in milliseconds of virtual time. */
  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.world.schedule(this.testLife, ms, 'test-sleep', resolve);
    });
  }

  /** The node loses its power; its disk stays. */
  crash(node: SimulatedNode): void {
    node.crash();
  }

  /** The node starts again, if it is down. Resolves when its runtime has started. */
  restart(node: SimulatedNode): Promise<void> {
    return node.start();
  }

  /** The node ends in order. */
  shutdown(node: SimulatedNode): Promise<void> {
    return node.shutdown();
  }

  crashNode(node: string): void {
    this.node(node).crash();
  }

  restartNode(node: string): void {
    this.node(node).start().catch((error: unknown) => this.world.fail(error));
  }

  /** Nothing gets from one node to the other or back, until {@link heal}. */
  partition(a: SimulatedNode, b: SimulatedNode): void {
    this.blockBothWays(a.host, b.host);
  }

  /** Nothing gets to or from the node: no node, no client, and the store neither if so wished. */
  isolate(node: SimulatedNode, options: { readonly fromStore?: boolean } = {}): void {
    const others = this.nodes.filter((other) => other !== node).map(({ host }) => host);
    for (const host of [...others, ...this.hostsOfClients]) this.blockBothWays(node.host, host);
    if (options.fromStore !== false) this.blockBothWays(node.host, STORE_HOST);
  }

  /** All partitions end. */
  heal(): void {
    this.world.record('', 'heal');
    this.shared.fabric.partitions.heal();
  }

  /** Breaks all connections between two nodes. */
  cut(a: SimulatedNode, b: SimulatedNode): void {
    for (const end of this.shared.fabric.openConnections) {
      if (end.localHost === a.host && end.remoteHost === b.host) this.shared.fabric.cut(end, 'the test cut it');
    }
  }

  /** Declares that the condition should be true in some run, and notes whether it is in this one. */
  sometimes(name: string, condition: boolean): void {
    this.coverage.note(name, condition);
    if (condition) this.world.record('', 'sometimes', { name });
  }

  /**
   * Brings the cluster to rest: no more faults, partitions healed, all nodes running and members. What the faults have
   * damaged stays damaged. @throws MoonpoolError SIMULATION_FAILED when the cluster does not recover within two minutes.
   */
  async quiesce(): Promise<void> {
    this.world.record('', 'quiesce');
    this.director.stop();
    this.cuts.isEnabled = false;
    this.shared.store.isFaulty = false;
    this.shared.fabric.partitions.heal();
    const deadline = this.now + REST_LIMIT_MS;
    while (!(await this.isAtRest())) {
      if (this.now > deadline) {
        const running = this.runningNodes.join(', ') || 'none';
        throw new MoonpoolError('SIMULATION_FAILED', { message: `The cluster did not recover within ${REST_LIMIT_MS} ms after the last fault; running nodes: ${running}` });
      }
      for (const node of this.nodes) if (!node.isOn) this.restartNode(node.name);
      await this.sleep(REST_POLL_MS);
    }
  }

  private async isAtRest(): Promise<boolean> {
    if (this.nodes.some((node) => node.runtime === undefined)) return false;
    return (await this.shared.store.countActiveMembers()) === this.nodes.length;
  }

  private blockBothWays(a: string, b: string): void {
    this.world.record('', 'fault-partition', { a, b });
    this.shared.fabric.partitions.block(a, b);
    this.shared.fabric.partitions.block(b, a);
  }

  private node(name: string): SimulatedNode {
    const node = this.nodes.find((candidate) => candidate.name === name);
    if (node === undefined) throw new MoonpoolError('INVALID_OPTION', { message: `The cluster has no node ${name}` });
    return node;
  }
}
