import type { DeactivationReason } from '../actor/deactivation-reason';
import type { ReferenceSource } from '../actor/reference-source';
import type { Lease } from '../cluster/lease';
import type { Membership } from '../cluster/membership';
import type { ActorDirectory, Registration } from '../directory/actor-directory';
import type { ActorId } from '../identity/actor-id';
import type { Probe } from '../calls/probe';
import type { CallScope, DeliveryPort, Request, RequestReceiver } from '../calls/request';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import type { Departures } from '../migration/departures';
import type { Destinations } from '../migration/destinations';
import type { MigrationPort } from '../migration/migration-port';
import { ACTIVATION_METRICS, TURN_METRICS } from '../observability/metric-catalogue';
import { totalsOf, type Bound } from '../observability/metrics';
import type { ActorLocator } from '../placement/actor-locator';
import { TimeLimits } from '../providers/time-limits';
import type { Serializer } from '../serialization/serializer';
import { NodeLoad } from '../scheduling/node-load';
import { RunQueue } from '../scheduling/run-queue';
import type { Activation } from './activation';
import { ActivationMaker, type ActivationMakerParts } from './activation-maker';
import type { ActivationTable } from './activation-table';
import type { HostingParts } from './hosting-parts';
import { ActivationRegistrar } from './activation-registrar';
import { ActorMigrations } from './actor-migrations';
import type { ActorFactory } from './actor-factory';
import { drain } from './draining';
import { Evacuation } from './evacuation';
import { SHUTTING_DOWN } from './end-reasons';
import { describeActivations, type CatalogState } from './catalog-state';
import { Gate } from './gate';
import { GradualEnding } from './gradual-ending';
import { FailureHold } from './failure-hold';
import { IdleCollection } from './idle-collection';
import type { Reminders } from '../turns/actor-reminders';
import { AnswerWatch } from '../turns/answer-watch';
import type { DurableStates } from '../turns/durable-state';
import { Succession } from './succession';
import type { TurnCounters } from '../turns/turn-counters';
import type { TurnLoop } from '../turns/turn-loop';
import { WatchedTurns } from '../turns/watched-turns';

/** What the catalog needs from its node. */
export interface CatalogParts extends HostingParts {
  readonly port: DeliveryPort;
  /** At shutdown every activation has ended in order: no call is under way, and all that come are rejected. It may take so long, in milliseconds. */
  readonly onDrained: (limitMs: number) => Promise<void> | void;
  readonly membership: Membership;
  /** Where activations are kept, and counted for the membership. */
  readonly activations: ActivationTable;
  readonly lease: Lease;
  readonly directory: ActorDirectory;
  readonly locator: ActorLocator;
  readonly durable: DurableStates;
  readonly reminders: Reminders;
  readonly references: ReferenceSource<CallScope>;
  readonly serializer: Serializer;
  /** Where actors of this node may move. */
  readonly destinations: Destinations;
  readonly departures: Departures;
  /** Where others find the actors of this node that are to move. */
  readonly migrations: MigrationPort;
  /** There are filters here, which may call actors in the course of a turn. */
  readonly tracksTurns: boolean;
}

/** All activations of this node, by the paths of their actors: it finds them, makes them, and lets them go. */
export class Catalog implements RequestReceiver {
  private readonly activations: ActivationTable;
  private readonly maker: ActivationMaker;
  private readonly runQueue: RunQueue;
  private readonly load: NodeLoad;
  private readonly gate: Gate;
  private readonly watched: WatchedTurns;
  private readonly counters: Bound<typeof ACTIVATION_METRICS>;
  private readonly turnCounters: TurnCounters;
  private readonly limits: TimeLimits;
  private readonly failures: FailureHold;
  private readonly idle: IdleCollection;
  private readonly ending: GradualEnding;
  private readonly evacuation: Evacuation;
  private readonly succession: Succession;

  constructor(private readonly parts: CatalogParts) {
    const { time, tasks, options, buggify, port } = parts;
    this.activations = parts.activations;
    this.counters = parts.metrics.bind(ACTIVATION_METRICS);
    this.turnCounters = parts.metrics.bind(TURN_METRICS);
    this.runQueue = new RunQueue(time, tasks, options.turnQuantumMs, buggify);
    this.load = new NodeLoad(this.runQueue, options);
    this.gate = new Gate(this.load, this.activations, time);
    this.watched = new WatchedTurns({ ...parts, loopsOf: (path) => this.loopsOf(path) });
    this.limits = new TimeLimits(time);
    this.failures = new FailureHold(time, options.failureHoldMs);
    this.succession = new Succession(parts);
    const ending = (this.ending = new GradualEnding(tasks, buggify));
    this.evacuation = new Evacuation({ ...parts, ending, isWanted: options.moveOnShutdown });
    const placeOf = (path: string): Registration | undefined => this.evacuation.placeOf(path);
    const { activations, failures } = this;
    const ofNode = this.partsOfNode();
    this.maker = new ActivationMaker({ ...parts, activations, failures, placeOf, ofNode });
    this.idle = new IdleCollection({
      ...{ activations, types: this.maker.types, failures, ending, time, tasks, options },
    });
    port.connect(this, this.gate);
    parts.migrations.connect(new ActorMigrations({ ...parts, maker: this.maker }));
  }

  /** How many activations there are. */
  get size(): number {
    return this.activations.size;
  }

  /** What is active here, for people: how many of each class, how many calls wait, and whose mailboxes are the longest. */
  describe(): CatalogState {
    const { runQueue, load, parts, counters, turnCounters } = this;
    const { running, deadlocks } = this.watched;
    return {
      ...describeActivations(this.activations.all),
      runQueue: runQueue.length,
      refused: load.refused,
      turns: running.describe(parts.time.now()),
      deadlocks: deadlocks.found,
      totals: { ...totalsOf(turnCounters), ...totalsOf(counters) },
    };
  }

  /** Figures for which nobody has to look at all activations. */
  get figures(): Pick<CatalogState, 'waiting' | 'refused' | 'deadlocks'> & { readonly underWay: number } {
    const { load, parts } = this;
    const { running, deadlocks } = this.watched;
    const { count: underWay } = running.describe(parts.time.now());
    return { waiting: load.waiting, refused: load.refused, deadlocks: deadlocks.found, underWay };
  }

  /** Actors of this class are activated here from now on. */
  host(descriptor: ActorDescriptor, create: ActorFactory): void {
    this.maker.host(descriptor, create);
  }

  start(): void {
    this.idle.start();
  }

  /** Moves or deactivates all actors, each after its present turn, and waits for it within the limit. */
  async stop(): Promise<void> {
    this.maker.leave();
    this.idle.stop();
    this.watched.running.waitFor();
    try {
      const { time, logger, options, onDrained } = this.parts;
      const { activations, evacuation, ending, maker } = this;
      const { drainLimitMs: limitMs, migrationLimitMs: moveLimitMs } = options;
      const until = time.now() + limitMs;
      const isDrained = await drain({ activations, evacuation, ending, maker, time, logger, limitMs, moveLimitMs });
      if (!isDrained) this.dropAll(SHUTTING_DOWN);
      else if (this.watched.running.isEmpty) await onDrained(until - time.now());
    } finally {
      this.watched.running.stop();
      this.limits.stop();
    }
  }

  /** Ends all activations at once, without hooks: this node must serve no more. */
  dropAll(reason: DeactivationReason): void {
    this.maker.stop();
    this.idle.stop();
    this.watched.running.stop();
    this.limits.stop();
    for (const activation of this.activations.all) activation.drop(reason);
  }

  has(path: string): boolean {
    return this.activations.get(path) !== undefined;
  }

  idOf(path: string): ActorId | undefined {
    return this.activations.get(path)?.target;
  }

  follow(path: string, call: string, probe: Probe): void {
    this.watched.deadlocks.follow(path, call, probe);
  }

  receive(request: Request): void {
    const { target } = request;
    const present = this.activations.get(target.path);
    if (!this.gate.admits(request, present)) return;
    // One of an earlier version is made all the same, and gives way then: what may be left over of its registration is replaced by that.
    const activation = present ?? this.workerFor(request) ?? this.maker.make(target, request);
    if (activation === undefined) return;
    const { descriptor } = activation;
    // Nearly all callers have the very version that is asked, and nothing is to be looked at.
    const isSameVersion = request.classVersion === descriptor.version;
    if (isSameVersion || this.succession.takes(request, descriptor, activation)) activation.receive(request);
  }

  private *loopsOf(path: string): Iterable<TurnLoop> {
    const activation = this.activations.get(path);
    if (activation !== undefined) yield activation.loop;
    for (const worker of this.activations.workersOf(path)?.all ?? []) yield worker.loop;
  }

  /** The worker that takes the request; undefined when one is to be made, and for actors that are no workers. */
  private workerFor({ target }: Request): Activation | undefined {
    const pool = this.activations.workersOf(target.path);
    if (pool === undefined) return undefined;
    const mayGrow = pool.mayGrow && !this.maker.isOver && this.failures.failureOf(target.path) === undefined;
    return pool.free ?? (mayGrow ? undefined : pool.leastLoaded);
  }

  private partsOfNode(): ActivationMakerParts['ofNode'] {
    const { runQueue, load, limits, counters, turnCounters, succession, parts } = this;
    const { directory, membership, local, time, events, logger, lease, filters, tracksTurns } = parts;
    const { mailboxCapacity, activationLimitMs, deactivationLimitMs } = parts.options;
    const mayServe = (): boolean => lease.held;
    return {
      ...parts,
      registrar: new ActivationRegistrar(directory, membership, local),
      succession,
      runQueue,
      load,
      limits,
      running: this.watched.running,
      counters,
      turnCounters,
      setting: { events, time, filters, tracksTurns, answers: new AnswerWatch(logger), mayServe },
      mailboxCapacity,
      activationLimitMs,
      deactivationLimitMs,
      mayServe,
    };
  }
}
