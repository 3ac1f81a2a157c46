import { Lease } from '../../cluster/lease';
import { MoonpoolError } from '../../errors/moonpool-error';
import { group, checkArguments } from '../../options/option-table';
import type { RandomProvider } from '../../providers/random-provider';
import type { TimeProvider } from '../../providers/time-provider';
import { ActorRuntime } from '../../runtime/actor-runtime';
import { ChaosDirector } from '../chaos/chaos-director';
import type { TimelineEvent } from '../timeline/timeline';
import { StateRegistry } from '../../observability/state-registry';
import type { NodeLife } from '../timeline/node-life';
import type { Locality } from '../topology/locality';
import type { PartitionShape } from '../network/partitions/partition-shape';
import { swizzle } from '../network/partitions/swizzle';
import { SimulatedClock } from '../providers/simulated-clock';
import { SimulatedTimeProvider } from '../providers/simulated-time-provider';
import { STORE_MACHINE } from '../cluster-store/simulated-store';
import type { Layout } from '../topology/layout';
import { ClusterPlaces } from './cluster-places';
import { asEvent, clog, endFaults, keepStable, separate, separateByShape, unclog } from './cluster-verbs';
import { Coverage } from '../coverage/coverage';
import { NodeFates } from './node-fates';
import { Quiescence, QUIESCE_OPTIONS, type QuiesceOptions } from './quiescence';
import { SimulatedHost } from './simulated-host';
import { runtimeOptions, type SimulatedApplication } from '../world/simulated-application';
import type { Death } from '../world/simulated-machine';
import { SimulatedNode } from '../world/simulated-node';
import { CLOG_OPTIONS, ISOLATE_NODE_OPTIONS, SWIZZLE_OPTIONS, VERB_ARGUMENTS, type ClogOptions, type IsolateNodeOptions, type SwizzleOptions } from './verb-options';
import type { SimulatedWorld } from '../world/simulated-world';

/** A cluster in a simulated world, as a test sees it: its nodes and clients, and the verbs that disturb them. */
export class SimulatedCluster {
  readonly nodes: readonly SimulatedNode[];
  /** Virtual time, for the test itself. */
  readonly time: TimeProvider;
  /** Randomness of the test itself, from the seed. */
  readonly random: RandomProvider;
  /** What was counted of assertions: those of the code, and those that the test declares with {@link sometimes}. */
  readonly coverage: Coverage;
  /** The places of a hierarchy, and verbs that disturb whole places. */
  readonly places: ClusterPlaces;
  private readonly director: ChaosDirector;
  private readonly fates: NodeFates;
  private readonly clients: ActorRuntime[] = [];
  private readonly namesOfClients: string[] = [];
  private readonly testLife: NodeLife;

  constructor(
    private readonly world: SimulatedWorld,
    private readonly application: SimulatedApplication,
    private readonly layout: Layout,
  ) {
    const { engine, profile } = world;
    this.coverage = new Coverage(() => engine.events);
    this.testLife = engine.beginLife('test', 1);
    this.time = new SimulatedTimeProvider(engine, new SimulatedClock(engine, { monotonicOffsetMs: 0, wallOffsetMs: 0, rate: 1 }), this.testLife);
    this.random = engine.rolls.stream('test');
    this.nodes = layout.nodes.map((locality, index) => {
      const machine = world.addMachine(`node${index + 1}`, `10.0.${index >> 8}.${(index & 255) + 1}`, locality);
      return new SimulatedNode(world, machine, application, locality, (life) => this.director.watch(life));
    });
    this.places = new ClusterPlaces(world, this.nodes, layout, this.testLife);
    this.fates = new NodeFates(world, this.nodes, this.places, layout, this.namesOfClients);
    this.director = new ChaosDirector(engine, world.partitions, this.fates, profile);
  }

  /** How many nodes there are, running or not. */
  get nodeCount(): number {
    return this.nodes.length;
  }

  /** How many clients were connected at the beginning. */
  get clientCount(): number {
    return this.clients.length;
  }

  /** The seed of this run. */
  get seed(): number {
    return this.world.engine.seed;
  }

  /** Milliseconds of virtual time since the beginning. */
  get now(): number {
    return this.world.engine.now;
  }

  /** The names of the nodes that have started and not died. */
  get runningNodes(): readonly string[] {
    return this.nodes.filter((node) => node.runtime !== undefined).map((node) => node.name);
  }

  get clientNames(): readonly string[] {
    return this.namesOfClients;
  }

  /** True when this life of the node runs and may take turns, by its own clock. */
  holdsLease(node: string, generation: number): boolean {
    const { machine, runtime } = this.fates.node(node);
    return machine.life?.generation === generation && runtime !== undefined && runtime.service(Lease).held;
  }

  /** What is published on the node; undefined while it does not run. @throws MoonpoolError INVALID_OPTION for an unknown name. */
  registryOf(node: string): StateRegistry | undefined {
    return this.fates.node(node).runtime?.service(StateRegistry);
  }

  /** Starts all nodes and connects the clients; then the faults begin. */
  async start(): Promise<void> {
    // A cluster is founded in peace; from then on anything may happen.
    await Promise.all(this.nodes.map((node) => node.start()));
    for (const [index, locality] of this.layout.clients.entries()) this.clients.push(await this.connect(`client${index + 1}`, locality));
    this.world.setFaulty(true);
    this.director.start();
  }

  /** A client that was connected at the beginning. @param index from 0. @throws MoonpoolError INVALID_OPTION */
  client(index = 0): ActorRuntime {
    const client = this.clients[index];
    if (client === undefined) {
      const message = `The cluster has ${this.clients.length} clients, and client ${index} was asked for`;
      throw new MoonpoolError('INVALID_OPTION', { message, remedy: 'Clients are counted from 0; give the cluster more of them with the option `clients`.' });
    }
    return client;
  }

  /** Connects another client, on a machine of its own that never crashes. */
  async connect(name: string, locality?: Locality): Promise<ActorRuntime> {
    checkArguments('cluster.connect', { name: [VERB_ARGUMENTS.name, name] });
    const number = this.namesOfClients.push(name);
    const machine = this.world.addMachine(name, `10.1.${number >> 8}.${number & 255}`, locality);
    return ActorRuntime.connect(runtimeOptions(this.application, this.world, machine, machine.boot()));
  }

  /**
   * Adds a machine for processes that are no nodes, such as a `FlowTransport`. Faults of the network strike it as they do
   * clients; it crashes only when the test says so. @param name one that no other machine has.
   */
  host(name: string): SimulatedHost {
    checkArguments('cluster.host', { name: [VERB_ARGUMENTS.name, name] });
    const number = this.namesOfClients.push(name);
    const machine = this.world.addMachine(name, `10.1.${number >> 8}.${number & 255}`);
    return new SimulatedHost(this.world, machine, this.testLife);
  }

  /** Resolves after the time has passed, in milliseconds of virtual time. */
  sleep(ms: number): Promise<void> {
    return this.time.sleep(ms);
  }

  /** Has the listener told of all that happens from now on. What it throws fails the run. @param names only of events with one of these names. */
  onEvent(listener: (event: TimelineEvent) => void, names?: readonly string[]): void {
    checkArguments('cluster.onEvent', { names: [VERB_ARGUMENTS.names, names] });
    this.world.engine.timeline.listen(listener, names);
  }

  /**
   * The node dies; its disk stays.
   * @param how `process`: its machine lives on, and the other sides of its connections are told; `power`: silence, and with it
   * die the other nodes of its machine. Default: the seed decides.
   */
  crash(node: SimulatedNode, how?: Death): Promise<void> {
    checkArguments('cluster.crash', { node: [VERB_ARGUMENTS.machine, node], how: [VERB_ARGUMENTS.death, how] });
    return this.happen(() => this.fates.crashNode(node.name, how));
  }

  /** The node starts again, if it is down. Resolves when its runtime has started. */
  restart(node: SimulatedNode): Promise<void> {
    return node.start();
  }

  /** The node's machine loses its power, and its disk all files. The nodes that share the machine die too. */
  wipe(node: SimulatedNode): Promise<void> {
    return this.happen(() => this.fates.wipeNode(node.name));
  }

  /**
   * The process of the node stands still for so many milliseconds, as under SIGSTOP or a long collection: its timers, what it
   * is sent and what it waits for all come when it goes on. Its clocks go on. Resolves when it stands still.
   */
  pause(node: SimulatedNode, forMs: number): Promise<void> {
    checkArguments('cluster.pause', { node: [VERB_ARGUMENTS.machine, node], forMs: [VERB_ARGUMENTS.pauseMs, forMs] });
    return this.happen(() => this.fates.pauseNode(node.name, forMs));
  }

  /** The process of the node goes on at once, if it stands still. */
  resume(node: SimulatedNode): Promise<void> {
    return this.happen(() => node.machine.resume());
  }

  /** The node ends in order. */
  shutdown(node: SimulatedNode): Promise<void> {
    return node.shutdown();
  }

  /** Nothing gets from one node or host to the other or back, until {@link heal} or for the time. */
  partition(a: SimulatedNode | SimulatedHost, b: SimulatedNode | SimulatedHost, forMs?: number): void {
    checkArguments('cluster.partition', { a: [VERB_ARGUMENTS.machine, a], b: [VERB_ARGUMENTS.machine, b], forMs: [VERB_ARGUMENTS.forMs, forMs] });
    separate(this.world, [a.name], [b.name], forMs);
  }

  /**
   * Nothing gets to or from the node, until {@link heal} or for the time. @param options `fromOthers: false` leaves it the nodes and
   * clients, so that its lease runs out while its connections live; `fromStore: false` leaves it the store.
   */
  isolate(node: SimulatedNode, options: IsolateNodeOptions = {}): void {
    checkArguments('cluster.isolate', { node: [VERB_ARGUMENTS.machine, node], options: [group(ISOLATE_NODE_OPTIONS), options] });
    const { fromStore = true, fromOthers = true, forMs } = options;
    const others = [...this.nodes.filter((other) => other !== node).map(({ name }) => name), ...this.namesOfClients];
    separate(this.world, [node.name], [...(fromOthers ? others : []), ...(fromStore ? [STORE_MACHINE] : [])], forMs);
  }

  /**
   * Keeps machines apart by a shape, until {@link heal} or for the time. @param node whom it is about; what else the shape
   * leaves open, the seed decides.
   */
  partitionBy(shape: PartitionShape, node: SimulatedNode, forMs?: number): void {
    checkArguments('cluster.partitionBy', { shape: [VERB_ARGUMENTS.shape, shape], node: [VERB_ARGUMENTS.machine, node], forMs: [VERB_ARGUMENTS.forMs, forMs] });
    separateByShape(this.world, shape, node.name, { nodes: this.nodes.map(({ name }) => name), clients: this.namesOfClients, store: STORE_MACHINE }, forMs);
  }

  /**
   * Lets what one node sends to another wait: it arrives later, whole and in order. @param options `side`: what the
   * sender writes, the default, or what the receiver reads; `forMs`: how long, until {@link unclog} by default.
   */
  clog(from: SimulatedNode, to: SimulatedNode, options: ClogOptions = {}): void {
    checkArguments('cluster.clog', { from: [VERB_ARGUMENTS.machine, from], to: [VERB_ARGUMENTS.machine, to], options: [group(CLOG_OPTIONS), options] });
    const { side = 'writing', forMs } = options;
    clog(this.world, { from: from.name, to: to.name }, side, forMs);
  }

  /** Frees what was clogged from one node to another. Default: everything. */
  unclog(from?: SimulatedNode, to?: SimulatedNode): void {
    if (from !== undefined || to !== undefined) checkArguments('cluster.unclog', { from: [VERB_ARGUMENTS.machine, from], to: [VERB_ARGUMENTS.machine, to] });
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
    const others = [...this.nodes.map(({ name }) => name), ...this.namesOfClients, STORE_MACHINE];
    return new Promise<void>((resolve) => {
      swizzle(engine, partitions, { machines, others, forMs, rolls: engine.rolls.sequence('test-swizzle') }, resolve);
    });
  }

  /** From now on nothing breaks, closes or garbles by chance between the two; what a test does to them is done. */
  keepStable(a: SimulatedNode, b: SimulatedNode): void {
    checkArguments('cluster.keepStable', { a: [VERB_ARGUMENTS.machine, a], b: [VERB_ARGUMENTS.machine, b] });
    keepStable(this.world, a.name, b.name);
  }

  /** All partitions end. */
  heal(): void {
    this.world.engine.record(undefined, 'heal');
    this.world.partitions.healAll();
  }

  /** Breaks all connections between two nodes. Resolves to how many there were. */
  async cut(a: SimulatedNode, b: SimulatedNode): Promise<number> {
    checkArguments('cluster.cut', { a: [VERB_ARGUMENTS.machine, a], b: [VERB_ARGUMENTS.machine, b] });
    let broken = 0;
    await this.happen(() => {
      broken = this.world.network.cutBetween(a.machine.parts.sockets, b.machine.parts.sockets);
      this.world.engine.record(undefined, 'cut', { a: a.name, b: b.name, broken });
    });
    return broken;
  }

  /** Declares that the condition should be true in some run, and notes whether it is in this one. */
  sometimes(name: string, condition: boolean): void {
    checkArguments('cluster.sometimes', { name: [VERB_ARGUMENTS.name, name], condition: [VERB_ARGUMENTS.condition, condition] });
    this.coverage.note({ name, kind: 'sometimes' }, { holds: condition });
    if (condition) this.world.engine.record(undefined, 'sometimes', { name });
  }

  /**
   * Brings the cluster to rest: no more faults, partitions healed, all nodes running and members, or a core of them. What
   * the faults have damaged stays damaged. Resolves to the nodes that serve from now on.
   * @throws MoonpoolError SIMULATION_FAILED when the cluster does not recover in time, two minutes unless said otherwise.
   */
  async quiesce(options: QuiesceOptions = {}): Promise<readonly SimulatedNode[]> {
    QUIESCE_OPTIONS.check('cluster.quiesce', options);
    this.director.stop();
    endFaults(this.world, this.nodes.map(({ machine }) => machine));
    return new Quiescence(this.world, this, options).reach();
  }

  /** Lets it happen as an event of its own: a test speaks from a promise job, in the middle of what others are doing. */
  private happen(verb: () => void): Promise<void> {
    return asEvent(this.world, this.testLife, verb);
  }
}
