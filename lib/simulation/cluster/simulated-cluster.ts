import type { RandomProvider } from '../../providers/random-provider';
import type { TimeProvider } from '../../providers/time-provider';
import type { ActorRuntime } from '../../runtime/actor-runtime';
import { ChaosDirector } from '../chaos/chaos-director';
import type { TimelineEventName } from '../timeline/event-names';
import type { TimelineEvent } from '../timeline/timeline';
import type { Locality } from '../topology/locality';
import { SimulatedClock } from '../providers/simulated-clock';
import { SimulatedTimeProvider } from '../providers/simulated-time-provider';
import { ClusterPlaces } from './cluster-places';
import { ClusterProcesses, type ClusterSetting } from './cluster-processes';
import { endFaults } from './cluster-verbs';
import { NetworkVerbs } from './network-verbs';
import type { Coverage } from '../coverage/coverage';
import { NodeFates } from './node-fates';
import { Quiescence, QUIESCE_OPTIONS, type QuiesceOptions } from './quiescence';
import { SimulatedHost } from './simulated-host';
import type { Death } from '../world/simulated-machine';
import type { SimulatedRelease } from '../world/simulated-application';
import type { SimulatedNode } from '../world/simulated-node';
import { checkVerb } from './verb-arguments';

/** A cluster in a simulated world, as a test sees it: its nodes and clients, and the verbs that disturb them. */
export class SimulatedCluster extends NetworkVerbs {
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

  /** @param coverage what was counted of assertions: those of the code, and those that the test declares with {@link sometimes}. */
  constructor(
    setting: ClusterSetting,
    readonly coverage: Coverage,
  ) {
    super(setting.world);
    const { world, layout } = setting;
    const { engine, profile } = world;
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
}
