import type { RandomProvider } from '../../providers/random-provider';
import type { TimeProvider } from '../../providers/time-provider';
import type { ActorRuntime } from '../../runtime/actor-runtime';
import { ChaosDirector } from '../chaos/chaos-director';
import type { TimelineEventName } from '../timeline/event-names';
import type { TimelineEvent } from '../timeline/timeline';
import type { NodeLife } from '../timeline/node-life';
import type { Locality } from '../topology/locality';
import type { PartitionShape } from '../network/partitions/partition-shape';
import { swizzle } from '../network/partitions/swizzle';
import { SimulatedClock } from '../providers/simulated-clock';
import { SimulatedTimeProvider } from '../providers/simulated-time-provider';
import { STORE_MACHINE } from '../cluster-store/simulated-store';
import { ClusterPlaces } from './cluster-places';
import { ClusterProcesses, type ClusterSetting } from './cluster-processes';
import { asEvent, clog, endFaults, keepStable, separate, separateByShape, unclog } from './cluster-verbs';
import type { Coverage } from '../coverage/coverage';
import { NodeFates } from './node-fates';
import { Quiescence, QUIESCE_OPTIONS, type QuiesceOptions } from './quiescence';
import { SimulatedHost } from './simulated-host';
import type { Death } from '../world/simulated-machine';
import type { SimulatedRelease } from '../world/simulated-application';
import type { SimulatedNode } from '../world/simulated-node';
import { checkVerb } from './verb-arguments';
import { SWIZZLE_OPTIONS, type ClogOptions, type IsolateNodeOptions, type SwizzleOptions } from './verb-options';
import type { SimulatedWorld } from '../world/simulated-world';

/** A cluster in a simulated world, as a test sees it: its nodes and clients, and the verbs that disturb them. */
export class SimulatedCluster {
  readonly nodes: readonly SimulatedNode[];
  /** Virtual time, for the test itself. */
  readonly time: TimeProvider;
  /** Randomness of the test itself, from the seed. */
  readonly random: RandomProvider;
  /** The places of a hierarchy, and verbs that disturb whole places. */
  readonly places: ClusterPlaces;
  private readonly director: ChaosDirector;
  private readonly fates: NodeFates;
  /** What runs of it, for those who look at the run. */
  readonly processes: ClusterProcesses;
  private readonly world: SimulatedWorld;
  private readonly testLife: NodeLife;

  /** @param coverage what was counted of assertions: those of the code, and those that the test declares with {@link sometimes}. */
  constructor(
    setting: ClusterSetting,
    readonly coverage: Coverage,
  ) {
    const { world, layout } = setting;
    const { engine, profile } = world;
    this.world = world;
    this.testLife = engine.beginLife('test', 1);
    this.time = new SimulatedTimeProvider(
      engine,
      new SimulatedClock(engine, { monotonicOffsetMs: 0, wallOffsetMs: 0, rate: 1 }),
      this.testLife,
    );
    this.random = engine.rolls.stream('test');
    this.processes = new ClusterProcesses(setting, (life) => this.director.watch(life));
    const { nodes } = this.processes;
    this.nodes = nodes;
    this.places = new ClusterPlaces(world, nodes, layout, this.testLife);
    this.fates = new NodeFates(world, this.processes, this.places, layout);
    this.director = new ChaosDirector(engine, world.partitions, this.fates, profile);
  }

  /** How many nodes there are, running or not. */
  get nodeCount(): number {
    return this.nodes.length;
  }

  /** How many clients were connected at the beginning. */
  get clientCount(): number {
    return this.processes.clientCount;
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
    return this.processes.clientNames;
  }

  /** Starts all nodes and connects the clients; then the faults begin. */
  async start(): Promise<void> {
    // A cluster is founded in peace; from then on anything may happen.
    await this.processes.start();
    this.world.setFaulty(true);
    this.director.start();
  }

  /** A client that was connected at the beginning. @param index from 0. @throws MoonpoolError INVALID_OPTION */
  client(index = 0): ActorRuntime {
    return this.processes.client(index);
  }

  /** Connects another client, on a machine of its own that never crashes. @param release what it has of another release of the application. */
  async connect(name: string, locality?: Locality, release: SimulatedRelease = {}): Promise<ActorRuntime> {
    checkVerb('connect', { name, release });
    return this.processes.connect(name, locality, release);
  }

  /**
   * From its next start on the node runs another release of the application, however it comes to that start: `deploy(node, { actors })`, then shut it down and restart
   * it, is one step of a rolling upgrade. The present life goes on as it is. @throws MoonpoolError INVALID_OPTION
   */
  deploy(node: SimulatedNode, release: SimulatedRelease): void {
    checkVerb('deploy', { node, release });
    node.deploy(release);
  }

  /**
   * Adds a machine for processes that are no nodes, such as a `FlowTransport`. Faults of the network strike it as they do
   * clients; it crashes only when the test says so. @param name one that no other machine has.
   */
  host(name: string): SimulatedHost {
    checkVerb('host', { name });
    return new SimulatedHost(this.world, this.processes.addMachine(name), this.testLife);
  }

  /** Resolves after the time has passed, in milliseconds of virtual time. @throws MoonpoolError INVALID_OPTION when it is no time. */
  sleep(ms: number): Promise<void> {
    checkVerb('sleep', { ms });
    return this.time.sleep(ms);
  }

  /** Has the listener told of all that happens from now on. What it throws fails the run. @param names only of events with one of these names. @throws MoonpoolError INVALID_OPTION for one under which nothing ever happens. */
  onEvent(listener: (event: TimelineEvent) => void, names?: readonly TimelineEventName[]): void {
    checkVerb('onEvent', { listener, names });
    this.world.engine.timeline.listen(listener, names);
  }

  /**
   * The node dies; its disk stays.
   * @param how `process`: its machine lives on, and the other sides of its connections are told; `power`: silence, and with it
   * die the other nodes of its machine. Default: the seed decides.
   */
  crash(node: SimulatedNode, how?: Death): Promise<void> {
    checkVerb('crash', { node, how });
    return this.happen(() => this.fates.crashNode(node.name, how));
  }

  /** The node starts again, if it is down. Resolves when its runtime has started. */
  restart(node: SimulatedNode): Promise<void> {
    checkVerb('restart', { node });
    return node.start();
  }

  /** The node's machine loses its power, and its disk all files. The nodes that share the machine die too. */
  wipe(node: SimulatedNode): Promise<void> {
    checkVerb('wipe', { node });
    return this.happen(() => this.fates.wipeNode(node.name));
  }

  /** The process of the node stands still for so many milliseconds, as under SIGSTOP or a long collection: its timers, what it is sent and what it waits for all come when it goes on. Its clocks go on. Resolves when it stands still. */
  pause(node: SimulatedNode, forMs: number): Promise<void> {
    checkVerb('pause', { node, forMs });
    return this.happen(() => this.fates.pauseNode(node.name, forMs));
  }

  /** The process of the node goes on at once, if it stands still. */
  resume(node: SimulatedNode): Promise<void> {
    checkVerb('resume', { node });
    return this.happen(() => node.machine.resume());
  }

  /** The node ends in order. */
  shutdown(node: SimulatedNode): Promise<void> {
    checkVerb('shutdown', { node });
    return node.shutdown();
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

  /** Declares that the condition should be true in some run, and notes whether it is in this one. */
  sometimes(name: string, condition: boolean): void {
    checkVerb('sometimes', { name, condition });
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
    endFaults(
      this.world,
      this.nodes.map(({ machine }) => machine),
    );
    return new Quiescence(this.world, this, options).reach();
  }

  /** Lets it happen as an event of its own: a test speaks from a promise job, in the middle of what others are doing. */
  private happen(verb: () => void): Promise<void> {
    return asEvent(this.world, this.testLife, verb);
  }
}
