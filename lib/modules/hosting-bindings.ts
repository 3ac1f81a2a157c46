import { ActivationOptions } from '../activation/activation-options';
import { ActivationTable } from '../activation/activation-table';
import { Catalog } from '../activation/catalog';
import { Rebalancing } from '../activation/rebalancing';
import { Filters } from '../actor/call-filter';
import { DeliveryPort } from '../calls/request';
import { Buggify } from '../chaos/buggify';
import { MemberLoad } from '../cluster/member-load';
import { Lease } from '../cluster/lease';
import { LeaseOptions } from '../cluster/lease-options';
import { Membership } from '../cluster/membership';
import { DeliverySender } from '../deliveries/delivery-sender';
import { ActorDirectory } from '../directory/actor-directory';
import { LocalNode } from '../identity/local-node';
import type { Bind } from '../injection/container-module';
import { MessageBus } from '../messaging/message-bus';
import { MessageRouter } from '../messaging/message-router';
import { Departures } from '../migration/departures';
import { Destinations } from '../migration/destinations';
import { MigrationPort } from '../migration/migration-port';
import { KnownActors } from '../metadata/actor-descriptor';
import { EventLog } from '../observability/event-log';
import { Logger } from '../observability/logger';
import { STATE_METRICS } from '../observability/metric-catalogue';
import { Metrics } from '../observability/metrics';
import { RefusalLog } from '../observability/refusal-log';
import { ObserverHost } from '../observers/observer-host';
import { ObserverLinks } from '../observers/observer-links';
import { AnswerForgetting } from '../persistence/answer-forgetting';
import { InstanceWatch, SampledInstanceWatch, StrictInstanceWatch } from '../persistence/instance-watch';
import { PersistenceOptions } from '../persistence/persistence-options';
import { StateNotices } from '../persistence/state-notices';
import { StoredStates } from '../persistence/stored-states';
import { StateStorage } from '../storage/state-storage';
import { StorageTable } from '../storage/storage-table';
import { ActorLocator } from '../placement/actor-locator';
import { RandomProvider } from '../providers/random-provider';
import { TaskProvider } from '../providers/task-provider';
import { ThreadProvider } from '../providers/thread-provider';
import { TimeProvider } from '../providers/time-provider';
import { ReferenceFactory } from '../reference/reference-factory';
import { Serializer } from '../serialization/serializer';
import { LocalSystem } from '../local-system/local-system';
import { NodeEndpoints } from '../services/node-endpoints';
import { Farewell } from '../transport/farewell';
import { Transport } from '../transport/transport';
import { Reminders } from '../turns/actor-reminders';
import { DurableStates } from '../turns/durable-state';

/** What turns of actors and of observers need alike. */
const HOSTING = {
  time: TimeProvider,
  tasks: TaskProvider,
  random: RandomProvider,
  buggify: Buggify,
  events: EventLog,
  logger: Logger,
  refusals: RefusalLog,
  metrics: Metrics,
  options: ActivationOptions,
  filters: Filters.incoming,
};

/** The objects of this process that actors call. */
export function bindObservers(bind: Bind): void {
  bind(ObserverLinks).toFactory(
    [Membership, Transport, TimeProvider, LocalNode],
    (membership, transport, time, local) => new ObserverLinks(membership, transport, time, local),
  );
  bind(ObserverHost).toFactory(
    {
      local: LocalNode,
      router: MessageRouter,
      ...HOSTING,
      port: DeliveryPort,
      links: ObserverLinks,
      known: KnownActors,
    },
    ({ known, ...parts }) => {
      const descriptors = new Map([...known].filter(([, { addressing }]) => !addressing.isHosted));
      return new ObserverHost({ ...parts, descriptors });
    },
  );
}

/** Actors that have no identity in the cluster. */
export function bindLocalActors(bind: Bind): void {
  bind(LocalSystem).toFactory(
    {
      time: TimeProvider,
      tasks: TaskProvider,
      random: RandomProvider,
      logger: Logger,
      events: EventLog,
      threads: ThreadProvider,
    },
    (parts) => new LocalSystem(parts),
  );
}

/** What is durable of the actors of a node. */
export function bindDurableStates(bind: Bind): void {
  bind(AnswerForgetting).toFactory(
    {
      storage: StateStorage,
      time: TimeProvider,
      random: RandomProvider,
      refusals: RefusalLog,
      options: PersistenceOptions,
    },
    (parts) => new AnswerForgetting(parts),
  );
  bind(InstanceWatch).toFactory({ logger: Logger, options: PersistenceOptions }, ({ logger, options }) =>
    options.checksInstances ? new StrictInstanceWatch() : new SampledInstanceWatch(logger),
  );
  bind(DurableStates).toFactory(
    {
      storage: StateStorage,
      storages: StorageTable,
      serializer: Serializer,
      references: ReferenceFactory,
      time: TimeProvider,
      buggify: Buggify,
      events: EventLog,
      metrics: Metrics,
      lease: Lease,
      options: PersistenceOptions,
      instances: InstanceWatch,
      logger: Logger,
      sender: DeliverySender,
      // It has no use for it: it goes on while there are actors.
      forgetting: AnswerForgetting,
    },
    ({ lease, metrics, sender, logger, forgetting: _forgetting, ...parts }) =>
      new StoredStates({
        ...parts,
        counters: metrics.bind(STATE_METRICS),
        mayWrite: () => lease.held,
        notices: new StateNotices(logger),
        onDelivered: (deliveries) => sender.afterCommit(deliveries),
      }),
  );
}

/** The actors of a node. */
export function bindCatalog(bind: Bind): void {
  bind(Catalog).toFactory(
    {
      local: LocalNode,
      router: MessageRouter,
      farewell: Farewell,
      bus: MessageBus,
      // They serve until the last actor has ended, and whoever waits for them learns it before the connections end.
      endpoints: NodeEndpoints,
      port: DeliveryPort,
      membership: Membership,
      activations: ActivationTable,
      lease: Lease,
      directory: ActorDirectory,
      locator: ActorLocator,
      durable: DurableStates,
      reminders: Reminders,
      references: ReferenceFactory,
      serializer: Serializer,
      destinations: Destinations,
      departures: Departures,
      migrations: MigrationPort,
      ...HOSTING,
      outgoing: Filters.outgoing,
      // It has no use for them: local actors end after the actors that use them.
      localActors: LocalSystem,
    },
    ({ farewell, bus, endpoints, outgoing, localActors: _localActors, ...parts }) =>
      new Catalog({
        ...parts,
        onDrained: async (limitMs) => {
          endpoints.stop();
          // What this process itself has asked for is answered before its connections end.
          await bus.rest(limitMs);
          if (parts.lease.held) farewell.bid();
        },
        tracksTurns: parts.filters.length + outgoing.length > 0,
      }),
  );
}

/** Whether a node gives activations away that others have room for. */
export function bindRebalancing(bind: Bind): void {
  bind(Rebalancing).toFactory(
    {
      lease: Lease,
      leases: LeaseOptions,
      activations: ActivationTable,
      load: MemberLoad,
      locator: ActorLocator,
      port: MigrationPort,
      options: ActivationOptions,
      time: TimeProvider,
      tasks: TaskProvider,
      logger: Logger,
      // It has no use for it: it begins when there may be actors, and ends before they do.
      catalog: Catalog,
    },
    ({ catalog: _catalog, ...parts }) => new Rebalancing(parts),
  );
}
