import { ObserverHost } from '../observers/observer-host';
import type { ActorClass, ActorReference, ActorReferences } from '../actor/actor-reference';
import { DEAD_LETTER_QUERY, DeadLetters, type DeadLetterQuery } from '../deliveries/dead-letters';
import { inCleanContext } from '../concurrency/clean-context';
import { Deferred } from '../concurrency/deferred';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorKey } from '../identity/actor-key';
import type { NodeId } from '../identity/node-id';
import type { NodeContainer } from '../injection/node-container';
import { identifierName, type ServiceIdentifier } from '../injection/token';
import { ActorMoves } from '../migration/actor-moves';
import type { NodeInspection } from '../modules/node-inspection';
import { HealthChecks } from '../observability/health-check';
import { Logger } from '../observability/logger';
import { StateRegistry } from '../observability/state-registry';
import type { ProcessSignal } from '../providers/host-provider';
import { TimeLimits } from '../providers/time-limits';
import { TimeProvider } from '../providers/time-provider';
import { ReferenceFactory } from '../reference/reference-factory';
import type { RequestOptions } from '../rpc/request-options';
import type { RpcClass, RpcClient } from '../rpc/rpc-client';
import type { StateStorage } from '../storage/state-storage';
import { InspectionService } from '../services/inspection-service';
import { NodeEndpoints } from '../services/node-endpoints';
import { ProbeService, type ProbeAnswer } from '../services/probe-service';
import type { LocalNode, NodeRole } from '../identity/local-node';
import { looseScope } from '../turns/turn-tracker';
import { assembleNode } from './assembled-node';
import { checksOf, healthOf, type NodeHealth } from './node-health';
import { moveTargetOf, type MigrateOptions } from './migrate-options';
import { DEFAULT_RENEW_MS, OBSERVE_OPTIONS, Observation, type ObserveOptions } from './observation';
import { RuntimeEnding, type Termination } from './runtime-ending';
import { checkOptions, type ConnectOptions, type StartOptions } from './runtime-options';
import { fencedAtStart, startupOf, type StartupSequence } from './startup-tasks';
import { afterEnd, storeUntilEnd } from './store-until-end';
import { STORED_ACTORS_QUERY, StoredActors, type StoredActorsQuery } from './stored-actors';

/** Moonpool in one process: a node that hosts actors, or a client that only calls them. */
export class ActorRuntime implements ActorReferences {
  private readonly references: ReferenceFactory;
  private readonly ending: RuntimeEnding;
  private readonly storage: StateStorage;

  private constructor(
    private readonly container: NodeContainer,
    private readonly local: LocalNode,
    private readonly startup: StartupSequence,
  ) {
    this.references = container.get(ReferenceFactory);
    this.ending = new RuntimeEnding(container, local, startup);
    this.storage = storeUntilEnd(container, () => this.ending.hasEnded);
  }

  /**
   * Starts a node: it listens, joins the cluster and hosts the actor classes.
   * @throws MoonpoolError INVALID_OPTION, INVALID_ACTOR_CLASSES, INVALID_MODULE, MISSING_BINDING, BINDING_CYCLE, ADDRESS_IN_USE, UNPROTECTED_ADDRESS, UNPUBLISHABLE_ADDRESS, STORAGE_UNAVAILABLE, STARTUP_FAILED, NODE_FENCED
   */
  static start(options: StartOptions): Promise<ActorRuntime> {
    return inCleanContext(() => ActorRuntime.open('node', options));
  }

  /**
   * Connects a client: it hosts nothing and listens nowhere; it finds the nodes through the cluster's store.
   * @throws MoonpoolError INVALID_OPTION, INVALID_ACTOR_CLASSES, INVALID_MODULE, MISSING_BINDING, BINDING_CYCLE, STORAGE_UNAVAILABLE
   */
  static connect(options: ConnectOptions): Promise<ActorRuntime> {
    return inCleanContext(() => ActorRuntime.open('client', options));
  }

  private static async open(role: NodeRole, options: StartOptions): Promise<ActorRuntime> {
    checkOptions(role, options);
    const { local, container } = assembleNode(role, options);
    const runtime = new ActorRuntime(container, local, startupOf(container, role));
    const started = new Deferred<void>();
    const { shutdownOn: signals = [] } = options;
    // What is half begun is not ended in order: a signal that comes meanwhile waits for the start.
    const ignore = runtime.ending.listenFor(signals, () => started.promise.then(() => runtime.shutdown()));
    try {
      await container.start();
    } catch (error) {
      ignore();
      throw error;
    }
    try {
      await runtime.startup.run(runtime);
      started.resolve();
    } catch (error) {
      // Why it did not start is what matters, and not whether it also ended well.
      await runtime
        .shutdown()
        .catch((why: unknown) => container.get(Logger).error('a node that could not start did not end in order', why));
      const { fenced } = runtime.ending;
      throw fenced === undefined ? error : fencedAtStart(fenced, error);
    }
    return runtime;
  }

  /** This process in the cluster: the node's name and incarnation. */
  get node(): NodeId {
    return this.local.node;
  }

  /** The address at which others reach this node; the empty string for a client. */
  get address(): string {
    return this.local.address;
  }

  /** Settles when the runtime has ended, for whatever reason. A process that hosts actors should end, or start again, then. */
  get terminated(): Promise<Termination> {
    return this.ending.terminated;
  }

  /**
   * A typed reference to the actor of this class and key; of a class that is declared with `@Actor({ static: true })`, and without a key, to the actor
   * that this node has of it. A key that is missing is refused. Does no input or output. @throws MoonpoolError UNKNOWN_ACTOR, INVALID_ACTOR_ID
   */
  actor<T extends object>(type: ActorClass<T>, key: ActorKey): ActorReference<T>;
  actor<T extends object>(type: ActorClass<T>): ActorReference<T>;
  actor<T extends object>(type: ActorClass<T>, ...keys: readonly ActorKey[]): ActorReference<T> {
    return this.references.reference(type, keys, looseScope);
  }

  /**
   * Lets actors call an object of this process, whose class is marked with `@Observer`. A client that observes keeps a
   * connection to every node, so that it is reached wherever the calling actor lives, or moves.
   * @param subscribe tells an actor of the observer: it is called now and again and again, so that the subscription outlives
   * the activation to which it was told. Default: nobody is notified.
   * @throws MoonpoolError UNKNOWN_ACTOR, INVALID_OPTION, RUNTIME_NOT_READY, and what the first subscription fails with.
   */
  async observe<T extends object>(
    observer: T,
    subscribe?: (observer: ActorReference<T>) => Promise<unknown>,
    options: ObserveOptions = {},
  ): Promise<Observation<T>> {
    OBSERVE_OPTIONS.check('observe', options);
    const { renewMs = DEFAULT_RENEW_MS } = options;
    const host = this.container.get(ObserverHost);
    const hosted = host.add(observer);
    const { target, descriptor } = hosted;
    const reference = this.references.reference(descriptor.type as ActorClass<T>, [target.key], looseScope);
    const onEnded = (): void => host.remove(target);
    const observation = new Observation(reference, subscribe, {
      time: this.container.get(TimeProvider),
      logger: this.container.get(Logger),
      renewMs,
      onEnded,
    });
    hosted.onEnded = () => void observation.end();
    await observation.begin();
    return observation;
  }

  /**
   * The actors of the class that something is stored of: `for await (const account of runtime.actors(Account, { prefix: 'eu/' }))`, and `await runtime.actors(Account).count()`.
   * @throws MoonpoolError UNKNOWN_ACTOR, INVALID_OPTION; what is read rejects with RUNTIME_NOT_READY after the end
   */
  actors<T extends object>(type: ActorClass<T>, query: StoredActorsQuery = {}): StoredActors<T> {
    STORED_ACTORS_QUERY.check('actors', query);
    const path = this.references.pathOf(type);
    const reference = (key: string): ActorReference<T> => this.actor(type, key);
    return new StoredActors({ storage: this.storage, path, reference }, query);
  }

  /** The messages that their handlers have refused so often that they are not tried any more: `for await (const letter of runtime.deadLetters())`, with `resend(id)` and `discard(id)`. @throws MoonpoolError INVALID_OPTION; what is read from the store throws what that throws. */
  deadLetters(query: DeadLetterQuery = {}): DeadLetters {
    DEAD_LETTER_QUERY.check('deadLetters', query);
    return new DeadLetters(this.local.cluster, this.storage, this.container.get(TimeProvider), query);
  }

  /** A service of this node's container. @throws MoonpoolError MISSING_BINDING */
  service<T>(identifier: ServiceIdentifier<T>): T {
    if (!this.container.has(identifier)) {
      throw new MoonpoolError('MISSING_BINDING', {
        message: `runtime.service(${identifierName(identifier)}) of ${this.local.toString()} found no binding`,
        remedy: 'Give `modules` a container module that binds it, or correct the token.',
      });
    }
    return this.container.get(identifier);
  }

  /** What each part of this node says of itself at present, by the keys of its {@link StateRegistry}. */
  inspect(): NodeInspection {
    const registry = this.container.get(StateRegistry);
    return Object.fromEntries(registry.keys.map((key) => [key, registry.read(key) ?? null])) as NodeInspection;
  }

  /** What the process at the address says of itself at present, as its {@link inspect} does: a node, or at `client:name` a client that is connected to this node. Only nodes may ask. Fails as requests to fixed endpoints do. */
  async inspectAt(address: string, options: RequestOptions = {}): Promise<NodeInspection> {
    return (await this.serviceAt(InspectionService, address, options).inspect()) as NodeInspection;
  }

  /** Asks the process at the address whether it answers, and who it is. Fails as requests to fixed endpoints do. */
  async probe(address: string, options: RequestOptions = {}): Promise<ProbeAnswer> {
    return this.serviceAt(ProbeService, address, options).probe();
  }

  /**
   * A typed client of a service that the process at the address has, which modules contribute to `NodeServices`. Does no input or output.
   * @throws MoonpoolError INVALID_RPC_INTERFACE, INVALID_ADDRESS
   */
  endpoint<T extends object>(type: RpcClass<T>, address: string): RpcClient<T> {
    return this.container.get(NodeEndpoints).connect(type, address);
  }

  /**
   * Has another node take over the actor, wherever it is active, with what its `onDehydrate` gives and the calls that wait. Resolves to whether it moved: not when it was active nowhere, or has ended without moving. Only nodes may ask.
   * @throws MoonpoolError MIGRATION_REFUSED, NO_NODE_AVAILABLE, UNKNOWN_ACTOR, INVALID_OPTION, STORAGE_UNAVAILABLE, RUNTIME_NOT_READY after the end; and as requests to fixed endpoints do.
   */
  async migrate<T extends object>(type: ActorClass<T>, key: ActorKey, options: MigrateOptions = {}): Promise<boolean> {
    if (this.ending.hasEnded) throw afterEnd('The actor was not moved');
    return this.container.get(ActorMoves).move(this.actor(type, key).$id, moveTargetOf(options));
  }

  /** Whether this process is well, by all {@link HealthChecks}: not ready while it shuts down, and not live when it was fenced. Never fails. */
  async health(): Promise<NodeHealth> {
    const limits = new TimeLimits(this.container.get(TimeProvider));
    try {
      const { hasBegun, fenced } = this.ending;
      return await healthOf([...checksOf(hasBegun, fenced), ...this.container.get(HealthChecks)], limits);
    } finally {
      limits.stop();
    }
  }

  /** True from the moment at which this process was asked to shut down, or lost its right to serve; `terminated` tells when it has ended. */
  get isStopping(): boolean {
    return this.ending.hasBegun;
  }

  /** Drains and ends: no new actors, every actor moved to another node or deactivated after its turn, what was asked for answered, goodbye said. A turn of this node begins it with `void runtime.shutdown()`: one that awaited it would be awaited by it, for `activation.drainLimitMs`. */
  shutdown(): Promise<void> {
    return this.ending.shutdown();
  }

  /**
   * Shuts down in order when the process is asked to end: `runtime.shutdownOn('SIGINT', 'SIGTERM')`. The process ends by itself
   * once nothing else keeps it; `terminated` tells when. A second signal ends it at once, as if nobody listened. @throws MoonpoolError INVALID_OPTION
   */
  shutdownOn(...signals: readonly ProcessSignal[]): void {
    this.ending.listenFor(signals, () => this.shutdown());
  }

  /** The same as {@link shutdown}, at the end of the block that holds `await using runtime = await ActorRuntime.start(...)`. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.shutdown();
  }

  private serviceAt<T extends object>(type: RpcClass<T>, address: string, options: RequestOptions): RpcClient<T> {
    const service = this.endpoint(type, address).$with(options);
    if (this.ending.hasEnded) throw afterEnd(`The process at ${address} was not asked`);
    return service;
  }
}
