import { ActivationOptions } from '../activation/activation-options';
import { Catalog } from '../activation/catalog';
import { ObserverHost } from '../observers/observer-host';
import { ObserverLinks } from '../observers/observer-links';
import type { CallFilter } from '../actor/call-filter';
import { Buggify } from '../chaos/buggify';
import { ClusterTerms } from '../cluster/cluster-terms';
import { Lease } from '../cluster/lease';
import { DEFAULT_LEASE_OPTIONS, LeaseOptions } from '../cluster/lease-options';
import { Membership } from '../cluster/membership';
import { ViewRefresher } from '../cluster/view-refresher';
import { MembershipStore } from '../cluster/membership-store';
import { ActorDirectory } from '../directory/actor-directory';
import { LocationCache } from '../directory/location-cache';
import type { NetworkAddress } from '../identity/network-address';
import { formatNodeId, sameNode } from '../identity/node-id';
import type { Bind, ContainerModule } from '../injection/container-module';
import { ActorLocator } from '../placement/actor-locator';
import { MessageBus } from '../messaging/message-bus';
import { MessageReceiver } from '../messaging/message-receiver';
import { MessageRouter } from '../messaging/message-router';
import { NearLimits } from '../messaging/near-limits';
import { Restraint } from '../messaging/restraint';
import { MessagingOptions } from '../calls/messaging-options';
import { PendingCalls } from '../calls/pending-calls';
import { InProcessNodes } from '../messaging/in-process-nodes';
import { ReferencePort } from '../calls/reference-port';
import { DeliveryPort } from '../calls/request';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import { EventLog } from '../observability/event-log';
import { Logger } from '../observability/logger';
import { RefusalLog } from '../observability/refusal-log';
import { StateStorage } from '../persistence/state-storage';
import { withDefaults } from '../options/option-table';
import { BestOfTwoPlacement } from '../placement/best-of-two-placement';
import { PlacementStrategy } from '../placement/placement-strategy';
import { RandomPlacement } from '../placement/random-placement';
import { StrayingPlacement } from '../placement/straying-placement';
import { HostProvider } from '../providers/host-provider';
import { NetworkProvider } from '../providers/network-provider';
import { RandomProvider } from '../providers/random-provider';
import { TaskProvider } from '../providers/task-provider';
import { ThreadProvider } from '../providers/thread-provider';
import { TimeProvider } from '../providers/time-provider';
import { ReferenceFactory } from '../reference/reference-factory';
import { JsonSerializer } from '../serialization/json-serializer';
import { Serializer } from '../serialization/serializer';
import { LocalSystem } from '../supervision/local-system';
import { Farewell } from '../transport/farewell';
import { ClusterSecret } from '../handshake/cluster-secret';
import { PROTOCOL_VERSION } from '../handshake/hello';
import { LocalNode } from '../identity/local-node';
import { Transport } from '../transport/transport';
import { SecurityOptions } from '../handshake/security-options';
import { TransportOptions } from '../connection/transport-options';
import { activationDefaults, messagingDefaults, transportDefaults } from './buggified-defaults';

/** What the parts of a node are told that no binding says. */
export interface CoreSetting {
  readonly local: LocalNode;
  readonly listen: NetworkAddress | undefined;
  readonly advertise: string | undefined;
  /** The classes of actors and of observers that this process knows, by their wire names. */
  readonly descriptors: ReadonlyMap<string, ActorDescriptor>;
  readonly lease: Partial<LeaseOptions> | undefined;
  readonly messaging: Partial<MessagingOptions> | undefined;
  readonly transport: Partial<TransportOptions> | undefined;
  readonly security: SecurityOptions | undefined;
  readonly activation: Partial<ActivationOptions> | undefined;
  /** Filters around the calls that are served here, and around those that are made here; the first stands outermost. */
  readonly incoming: readonly CallFilter[];
  readonly outgoing: readonly CallFilter[];
  /** Calls between nodes of this process go without a connection. */
  readonly inProcess: boolean;
}

/** All nodes of this process that do not keep apart; of two clusters none has the same name and address. */
const ofThisProcess = new InProcessNodes();

/** The parts of Moonpool itself: from the transport up to the catalog. A client has all but the catalog. */
export function core(setting: CoreSetting): ContainerModule {
  return {
    name: 'core',
    load(bind) {
      bindOptions(bind, setting);
      bind(Serializer).toFactory([], () => new JsonSerializer());
      bindCluster(bind, setting);
      bindMessaging(bind, setting);
      bindObservers(bind, setting);
      bind(LocalSystem).toFactory(
        [TimeProvider, TaskProvider, RandomProvider, Logger, EventLog, ThreadProvider],
        (time, tasks, random, logger, events, threads) => new LocalSystem({ time, tasks, random, logger, events, threads }),
      );
      if (setting.local.role === 'node') bindCatalog(bind, setting);
    },
  };
}

function bindOptions(bind: Bind, { local, lease, messaging, transport, security, activation }: CoreSetting): void {
  bind(LocalNode).toValue(local);
  bind(SecurityOptions).toValue(security ?? {});
  bind(RefusalLog).toFactory([Logger, TimeProvider], (logger, time) => new RefusalLog(logger, time));
  bind(LeaseOptions).toValue(withDefaults(DEFAULT_LEASE_OPTIONS, lease));
  bind(MessagingOptions).toFactory([Buggify], (buggify) => withDefaults(messagingDefaults(buggify), messaging));
  bind(TransportOptions).toFactory([Buggify], (buggify) => withDefaults(transportDefaults(buggify), transport));
  bind(ActivationOptions).toFactory([Buggify], (buggify) => withDefaults(activationDefaults(buggify), activation));
}

function bindCluster(bind: Bind, setting: CoreSetting): void {
  const { listen, advertise, descriptors } = setting;
  bind(Transport).toFactory(
    [LocalNode, TransportOptions, SecurityOptions, TimeProvider, TaskProvider, NetworkProvider, RandomProvider, Buggify, Logger, RefusalLog],
    (local, options, security, time, tasks, network, random, buggify, logger, refusals) =>
      new Transport({ local, listen, advertise, options, security, time, tasks, network, random, buggify, logger, refusals }),
  );
  bind(Farewell).toFactory([Transport], (transport) => new Farewell(transport));
  bind(Lease).toFactory([TimeProvider, LeaseOptions], (time, { ttlMs }) => {
    const lease = new Lease(time, ttlMs);
    // A client hosts nothing that could be elsewhere at the same time; its observers are its own.
    if (setting.local.role === 'client') lease.neverEnds();
    return lease;
  });
  bind(ClusterTerms).toFactory([LeaseOptions, Serializer, SecurityOptions], ({ ttlMs }, { contentType }, { clusterSecret, tls }) => ({
    leaseTtlMs: ttlMs,
    protocol: PROTOCOL_VERSION,
    values: contentType,
    usesTls: tls !== undefined,
    secrets: clusterSecret === undefined ? [] : new ClusterSecret(clusterSecret).fingerprints(setting.local.cluster),
  }));
  // It depends on the transport so that it starts after it: a node joins with the address that it listens on.
  bind(Membership).toFactory(
    [LocalNode, MembershipStore, Lease, LeaseOptions, TimeProvider, Buggify, EventLog, Logger, Transport, HostProvider, ClusterTerms],
    (local, store, lease, options, time, buggify, events, logger, transport, { identity: origin }, terms) => {
      const actorTypes = [...descriptors.values()].filter(({ addressing }) => addressing.isHosted).map(({ name }) => name);
      const membership = new Membership({ local, store, lease, options, actorTypes, origin, terms, time, buggify, events, logger });
      transport.refuses = ({ role, node }) => {
        if (role === 'node') return membership.isLive(node) ? undefined : `${formatNodeId(node)} was declared dead, or is of an earlier life`;
        // Calls are known by the name and the incarnation of their process: nobody else may use those of a node.
        return membership.view.members.some((member) => sameNode(member, node)) ? `${formatNodeId(node)} is a node of this cluster, and greets as a client` : undefined;
      };
      transport.vouchesFor = (hello) =>
        membership.view.members.some((member) => sameNode(member, hello.node) && member.address === hello.address && member.status !== 'dead');
      return membership;
    },
  );
  bind(ViewRefresher).toFactory(
    [Membership, Transport, LocalNode],
    (membership, transport, local) => new ViewRefresher(membership, transport, local),
  );
  bind(PlacementStrategy).toFactory([RandomProvider, Buggify], (random, buggify) => {
    const best = new BestOfTwoPlacement(random);
    return buggify.enabled ? new StrayingPlacement(best, new RandomPlacement(random), buggify) : best;
  });
}

function bindMessaging(bind: Bind, { local, descriptors, outgoing, inProcess }: CoreSetting): void {
  bind(InProcessNodes).toValue(inProcess ? ofThisProcess : new InProcessNodes());
  bind(DeliveryPort).toFactory([], () => new DeliveryPort(local.cluster));
  bind(ReferencePort).toFactory([], () => new ReferencePort());
  bind(PendingCalls).toFactory([TimeProvider], (time) => new PendingCalls(time));
  bind(ActorLocator).toFactory(
    [ActorDirectory, Membership, PlacementStrategy, LocalNode],
    (directory, membership, placement, here) => new ActorLocator(directory, membership, placement, here),
  );
  bind(LocationCache).toFactory([MessagingOptions], ({ locationCacheCapacity }) => new LocationCache(locationCacheCapacity));
  bind(Restraint).toFactory([TimeProvider], (time) => new Restraint(time));
  bind(NearLimits).toFactory([Serializer, TransportOptions], (serializer, { maxPacketBytes }) => new NearLimits(serializer, maxPacketBytes));
  bind(MessageRouter).toFactory(
    [
      DeliveryPort, PendingCalls, ActorLocator, LocationCache, Membership, Transport, Serializer, Buggify,
      MessagingOptions, Lease, InProcessNodes, ReferencePort, NearLimits,
    ],
    (port, pending, locator, locations, membership, transport, serializer, buggify, options, lease, nodes, references, limits) =>
      new MessageRouter({
        local, port, pending, locator, locations, membership, transport, serializer, buggify, options, lease, inProcess: nodes, references, limits,
      }),
  );
  bind(MessageReceiver).toFactory(
    [DeliveryPort, PendingCalls, LocationCache, Lease, Transport, Serializer, TimeProvider, RefusalLog, MessageBus, MessageRouter, Restraint, ReferencePort],
    (port, pending, locations, lease, transport, serializer, time, refusals, bus, router, restraint, references) =>
      new MessageReceiver({ local, port, pending, locations, lease, transport, serializer, time, refusals, bus, router, restraint, references, descriptors }),
  );
  bind(MessageBus).toFactory(
    [MessageRouter, Restraint, PendingCalls, LocationCache, TimeProvider, EventLog, MessagingOptions, ReferencePort, RefusalLog, NearLimits],
    (router, restraint, pending, locations, time, events, options, references, refusals, limits) =>
      new MessageBus({ local, router, restraint, pending, locations, time, events, options, references, refusals, limits, filters: outgoing }),
  );
  bind(ReferenceFactory).toFactory([MessageBus, ReferencePort], (bus, references) => new ReferenceFactory(local, bus, references, descriptors.values()));
}

function bindObservers(bind: Bind, { descriptors, incoming: filters }: CoreSetting): void {
  const observers = new Map([...descriptors].filter(([, { addressing }]) => !addressing.isHosted));
  bind(ObserverLinks).toFactory(
    [Membership, Transport, TimeProvider, LocalNode],
    (membership, transport, time, local) => new ObserverLinks(membership, transport, time, local),
  );
  bind(ObserverHost).toFactory(
    [LocalNode, MessageRouter, TimeProvider, TaskProvider, RandomProvider, Buggify, EventLog, Logger, RefusalLog, ActivationOptions, DeliveryPort, ObserverLinks],
    (local, router, time, tasks, random, buggify, events, logger, refusals, options, port, links) =>
      new ObserverHost({ local, router, time, tasks, random, buggify, events, logger, refusals, options, port, links, filters, descriptors: observers }),
  );
}

function bindCatalog(bind: Bind, { incoming: filters, outgoing }: CoreSetting): void {
  const tracksTurns = filters.length + outgoing.length > 0;
  bind(Catalog).toFactory(
    [
      LocalNode, MessageRouter, Farewell, DeliveryPort, Membership, Lease, ActorDirectory, StateStorage, Serializer, ReferenceFactory, TimeProvider,
      TaskProvider, RandomProvider, Buggify, EventLog, Logger, RefusalLog, ActivationOptions,
      // Named so that local actors end after the actors that use them.
      LocalSystem,
    ],
    (local, router, farewell, port, membership, lease, directory, storage, serializer, references, time, tasks, random, buggify, events, logger, refusals, options) =>
      new Catalog({
        onDrained: () => (lease.held ? farewell.bid() : undefined),
        local, router, port, membership, lease, directory, storage, serializer, references, time, tasks, random, buggify, events, logger, refusals, options, filters, tracksTurns,
      }),
  );
}
