import { BoundReferences } from '../actor/bound-references';
import type { CallFilter } from '../actor/call-filter';
import type { DeactivationReason } from '../actor/deactivation-reason';
import type { ReferenceSource } from '../actor/reference-source';
import type { Buggify } from '../chaos/buggify';
import type { Lease } from '../cluster/lease';
import type { Membership } from '../cluster/membership';
import type { ActorDirectory } from '../directory/actor-directory';
import { inCleanContext } from '../concurrency/clean-context';
import { MoonpoolError } from '../errors/moonpool-error';
import { nearestName } from '../errors/nearest-name';
import type { ActorId } from '../identity/actor-id';
import type { MessageRouter } from '../messaging/message-router';
import type { Probe } from '../calls/probe';
import type { CallScope, DeliveryPort, Request, RequestReceiver } from '../calls/request';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import { kindMistake } from '../metadata/given-key';
import type { EventLog } from '../observability/event-log';
import type { Logger } from '../observability/logger';
import type { RefusalLog } from '../observability/refusal-log';
import { ActorStates, type ActorStatesParts } from '../persistence/actor-states';
import { StateCounters } from '../persistence/state-counters';
import type { StateStorage } from '../persistence/state-storage';
import type { RandomProvider } from '../providers/random-provider';
import type { TaskProvider } from '../providers/task-provider';
import { TimeLimits } from '../providers/time-limits';
import type { Timer, TimeProvider } from '../providers/time-provider';
import { NodeLoad } from '../scheduling/node-load';
import { RunQueue } from '../scheduling/run-queue';
import type { Serializer } from '../serialization/serializer';
import type { LocalNode } from '../identity/local-node';
import { Activation, type ActivationParts } from './activation';
import { ActivationCounters } from './activation-counters';
import { ActivationContext } from './activation-context';
import { ActivationTable } from './activation-table';
import type { ActivationOptions } from './activation-options';
import { ActivationRegistrar } from './activation-registrar';
import type { ActorFactory } from './actor-factory';
import { describeActivations, type CatalogState } from './catalog-state';
import { DeadlockWatch } from '../turns/deadlock-watch';
import { Gate } from './gate';
import { FailureHold } from './failure-hold';
import { RunningTurns } from '../turns/running-turns';
import { TurnCounters } from '../turns/turn-counters';
import type { TurnLoop } from '../turns/turn-loop';

/** What the catalog needs from its node. */
export interface CatalogParts {
  readonly local: LocalNode;
  readonly router: MessageRouter;
  readonly port: DeliveryPort;
  /** At shutdown every activation has ended in order: no call is under way, and all that come are rejected. */
  readonly onDrained: () => void;
  readonly membership: Membership;
  readonly lease: Lease;
  readonly directory: ActorDirectory;
  readonly storage: StateStorage;
  readonly serializer: Serializer;
  readonly references: ReferenceSource<CallScope>;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly random: RandomProvider;
  readonly buggify: Buggify;
  readonly events: EventLog;
  readonly logger: Logger;
  readonly refusals: RefusalLog;
  readonly options: ActivationOptions;
  /** Stand around the handlers of all actors here, the first outermost. */
  readonly filters: readonly CallFilter[];
  /** There are filters here, which may call actors in the course of a turn. */
  readonly tracksTurns: boolean;
}

/** An actor class that this node hosts. */
interface HostedType {
  readonly descriptor: ActorDescriptor;
  /** What all its activations share. */
  readonly parts: ActivationParts;
}

/** All activations of this node, by the paths of their actors: it finds them, makes them, and lets them go. */
export class Catalog implements RequestReceiver {
  private readonly activations = new ActivationTable();
  private readonly types = new Map<string, HostedType>();
  private readonly registrar: ActivationRegistrar;
  private readonly runQueue: RunQueue;
  private readonly load: NodeLoad;
  private readonly gate: Gate;
  private readonly stateParts: ActorStatesParts;
  private readonly running: RunningTurns;
  private readonly counters = new ActivationCounters();
  private readonly turnCounters = new TurnCounters();
  /** What was done with states. */
  readonly states = new StateCounters();
  private readonly deadlocks: DeadlockWatch;
  private readonly limits: TimeLimits;
  private readonly failures: FailureHold;
  private collector: Timer | undefined;
  private isStopping = false;
  private lastActivation = 0;

  constructor(private readonly parts: CatalogParts) {
    const { directory, membership, local, time, tasks, options, storage, serializer, buggify, events, lease, port, logger, router } = parts;
    this.registrar = new ActivationRegistrar(directory, membership, local);
    this.runQueue = new RunQueue(time, tasks, options.turnQuantumMs, buggify);
    this.load = new NodeLoad(this.runQueue, options);
    this.gate = new Gate(this.load, this.activations, time);
    this.running = new RunningTurns(options.longTurnMs, time, logger, Math.min(options.longTurnMs, options.deadlockAfterMs));
    this.deadlocks = new DeadlockWatch({ running: this.running, router, events, random: parts.random, loopsOf: (path) => this.loopsOf(path), afterMs: options.deadlockAfterMs });
    this.running.onLook = (now) => this.deadlocks.look(now);
    this.limits = new TimeLimits(time);
    this.failures = new FailureHold(time, options.failureHoldMs);
    const mayWrite = () => lease.held;
    this.stateParts = { counters: this.states, storage, serializer, time, buggify, events, mayWrite };
    membership.load = () => this.activations.size;
    port.connect(this, this.gate);
  }

  /** How many activations there are. */
  get size(): number {
    return this.activations.size;
  }

  /** What is active here, for people: how many of each class, how many calls wait, and whose mailboxes are the longest. */
  describe(): CatalogState {
    const { running, runQueue, load, deadlocks, parts, counters, turnCounters } = this;
    return { ...describeActivations(this.activations.all), runQueue: runQueue.length, refused: load.refused, turns: running.describe(parts.time.now()), deadlocks: deadlocks.found, totals: { ...turnCounters, ...counters.describe() } };
  }

  /** Actors of this class are activated here from now on. */
  host(descriptor: ActorDescriptor, create: ActorFactory): void {
    this.types.set(descriptor.name, { descriptor, parts: this.activationParts(create) });
  }

  start(): void {
    this.scheduleCollection();
  }

  /** Deactivates all actors, each after its present turn, and waits for it within the limit. */
  async stop(): Promise<void> {
    this.isStopping = true;
    this.collector?.cancel();
    try {
      await this.deactivateAll();
    } finally {
      this.running.stop();
      this.limits.stop();
    }
  }

  /** Ends all activations at once, without hooks: this node must serve no more. */
  dropAll(reason: DeactivationReason): void {
    this.isStopping = true;
    this.collector?.cancel();
    this.running.stop();
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
    this.deadlocks.follow(path, call, probe);
  }

  receive(request: Request): void {
    const { target } = request;
    if (!this.gate.admits(request)) return;
    const activation = this.activations.get(target.path) ?? this.workerFor(request) ?? this.activate(target, request);
    activation?.receive(request);
  }

  private async deactivateAll(): Promise<void> {
    const reason: DeactivationReason = { code: 'shutting-down', description: 'the node is shutting down' };
    const { time, options, logger, onDrained } = this.parts;
    const drained = Promise.all(this.activations.all.map((activation) => activation.deactivate(reason)));
    let limit: Timer | undefined;
    const cutOff = new Promise<boolean>((resolve) => (limit = time.schedule(options.drainLimitMs, () => resolve(false))));
    const isDrained = await Promise.race([drained.then(() => true), cutOff]);
    limit?.cancel();
    if (isDrained && this.running.isEmpty) onDrained();
    if (isDrained) return;
    const cut = this.activations.all.map(({ target }) => target.path);
    logger.warn('the drain took too long; activations were cut off', { count: cut.length, first: cut.slice(0, 10).join(', ') });
    this.dropAll(reason);
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
    const mayGrow = pool.mayGrow && !this.isStopping && this.failures.failureOf(target.path) === undefined;
    return pool.free ?? (mayGrow ? undefined : pool.leastLoaded);
  }

  /** Begins to activate the actor; undefined when this node must not, which the request is then told. */
  private activate(target: ActorId, request: Request): Activation | undefined {
    const { local, lease, options } = this.parts;
    if (this.isStopping || !lease.held) {
      request.reply.reject({ why: `the node ${local.toString()} is stopping` });
      return undefined;
    }
    const hosted = this.types.get(target.type);
    if (hosted === undefined) {
      const known = [...this.types.keys()];
      const meant = nearestName(target.type, known);
      const hint = meant === undefined ? `it hosts ${known.join(', ') || 'none'}` : `did you mean '${meant}'?`;
      const message = `The node ${local.toString()} does not host the actor type '${target.type}' of ${target.path}; ${hint}`;
      request.reply.error(new MoonpoolError('UNKNOWN_ACTOR', { message }));
      return undefined;
    }
    const mistake = kindMistake(hosted.descriptor, target);
    const failure = mistake === undefined ? this.failures.failureOf(target.path) : new MoonpoolError('INVALID_ACTOR_ID', { message: `The call ${request.method} of ${target.path} was refused: ${mistake}` });
    if (failure !== undefined) {
      request.reply.error(failure);
      return undefined;
    }
    const { descriptor, parts } = hosted;
    const { belongsToNode, activationPrefix } = descriptor.addressing;
    const id = `${activationPrefix}${local.toString()}/${++this.lastActivation}`;
    // Each node has a static actor of its own, and so a state of its own.
    if (belongsToNode && descriptor.states.length > 0 && local.hasPassingName) this.parts.logger.warn('the state of a static actor belongs to the name of its node, which has made up its own: give it a name', { actor: target.path, name: local.name });
    const stateKey = belongsToNode ? `${target.path}@${local.name}` : target.path;
    const references = descriptor.states.length === 0 ? undefined : new BoundReferences(this.parts.references);
    const states = new ActorStates(stateKey, id, descriptor.states, this.stateParts, references);
    const capacity = descriptor.options.mailboxCapacity ?? options.mailboxCapacity;
    const activation = new Activation(target, id, descriptor, states, capacity, parts);
    references?.bindTo(activation.scope);
    this.activations.add(activation);
    inCleanContext(() => this.parts.tasks.spawn(`activate ${target.path}`, () => activation.activate()));
    return activation;
  }

  private activationParts(create: ActorFactory): ActivationParts {
    const { time, events, logger, refusals, lease, random, references, local, filters, tracksTurns, options } = this.parts;
    // The node is known when it has joined, which is after this is set up and before any actor is activated.
    const contextParts = { time, random, logger, references, get node() { return local.node; } };
    return {
      registrar: this.registrar,
      runQueue: this.runQueue,
      load: this.load,
      time,
      events,
      logger,
      refusals,
      limits: this.limits,
      running: this.running,
      counters: this.counters,
      turnCounters: this.turnCounters,
      setting: { events, time, filters, tracksTurns },
      activationLimitMs: options.activationLimitMs,
      deactivationLimitMs: options.deactivationLimitMs,
      mayServe: () => lease.held,
      onActive: ({ target }) => this.failures.forget(target.path),
      onFailed: ({ target }, failure) => this.failures.note(target.path, failure),
      construct: (activation) => create(new ActivationContext(activation.target, contextParts, activation)),
      onEnded: (activation) => this.activations.remove(activation),
    };
  }

  private scheduleCollection(): void {
    const { time, options } = this.parts;
    const shortest = Math.min(...[...this.types.values()].map(({ descriptor }) => descriptor.options.idleTimeoutMs ?? options.idleTimeoutMs));
    this.collector = time.schedule(Math.min(options.collectionIntervalMs, shortest), () => {
      this.collectIdle();
      if (!this.isStopping) this.scheduleCollection();
    });
  }

  private collectIdle(): void {
    this.failures.sweep();
    for (const activation of this.activations.all) {
      const limitMs = activation.descriptor.options.idleTimeoutMs ?? this.parts.options.idleTimeoutMs;
      if (activation.idleMs < limitMs) continue;
      const description = `the actor had nothing to do for ${limitMs} ms`;
      this.parts.tasks.spawn(`deactivate ${activation.target.path}`, () => activation.deactivate({ code: 'idle', description }));
    }
  }
}
