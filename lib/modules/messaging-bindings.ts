import { Filters } from '../actor/call-filter';
import { MessagingOptions } from '../calls/messaging-options';
import { PendingCalls } from '../calls/pending-calls';
import { ReferencePort } from '../calls/reference-port';
import { DeliveryPort } from '../calls/request';
import { Buggify } from '../chaos/buggify';
import { Lease } from '../cluster/lease';
import { Membership } from '../cluster/membership';
import { TransportOptions } from '../connection/transport-options';
import { MessageDeliveries } from '../deliveries/message-deliveries';
import { LocationCache } from '../directory/location-cache';
import { LocalNode } from '../identity/local-node';
import type { Bind } from '../injection/container-module';
import { SenderOrder } from '../ordering/sender-order';
import { ActorLocator } from '../placement/actor-locator';
import { KnownLocations } from '../placement/known-locations';
import { InProcessNodes } from '../messaging/in-process-nodes';
import { ProtocolAdapters } from '../connection/protocol-adapter';
import { Protocol2Messages } from '../messaging/protocol-2-messages';
import { MessageBus } from '../messaging/message-bus';
import { MessageReceiver } from '../messaging/message-receiver';
import { MessageRouter } from '../messaging/message-router';
import { NearLimits } from '../messaging/near-limits';
import { Restraint } from '../messaging/restraint';
import { KnownActors } from '../metadata/actor-descriptor';
import { EventLog } from '../observability/event-log';
import { LOCATION_METRICS } from '../observability/metric-catalogue';
import { Metrics } from '../observability/metrics';
import { RefusalLog } from '../observability/refusal-log';
import { RandomProvider } from '../providers/random-provider';
import { TimeProvider } from '../providers/time-provider';
import { ReferenceFactory } from '../reference/reference-factory';
import { Serializer } from '../serialization/serializer';
import { Transport } from '../transport/transport';

/** The way of a call from its reference to the node of its actor, and back. */
export function bindMessaging(bind: Bind): void {
  bind(ProtocolAdapters).toFactory([], () => {
    const protocol2 = new Protocol2Messages();
    return new Map([[protocol2.version, protocol2]]);
  });
  bind(DeliveryPort).toFactory([LocalNode], ({ cluster }) => new DeliveryPort(cluster));
  bind(ReferencePort).toFactory([], () => new ReferencePort());
  bind(SenderOrder).toFactory([], () => new SenderOrder());
  bind(PendingCalls).toFactory(
    [TimeProvider, SenderOrder, Restraint],
    (time, order, restraint) =>
      new PendingCalls(time, {
        onGone: (call) => order.onGone(call),
        onMissed: (connection, lateMs) => restraint.onMissed(connection, lateMs),
      }),
  );
  bind(LocationCache).toFactory(
    [MessagingOptions, Metrics],
    ({ locationCacheCapacity }, metrics) => new LocationCache(locationCacheCapacity, metrics.bind(LOCATION_METRICS)),
  );
  bind(KnownLocations).toParts(
    { cache: LocationCache, locator: ActorLocator, membership: Membership, buggify: Buggify },
    KnownLocations,
  );
  bind(Restraint).toFactory([TimeProvider], (time) => new Restraint(time));
  bind(NearLimits).toFactory(
    [Serializer, TransportOptions],
    (serializer, { maxPacketBytes }) => new NearLimits(serializer, maxPacketBytes),
  );
  bind(MessageRouter).toParts(
    {
      local: LocalNode,
      port: DeliveryPort,
      pending: PendingCalls,
      order: SenderOrder,
      known: KnownLocations,
      membership: Membership,
      transport: Transport,
      serializer: Serializer,
      options: MessagingOptions,
      lease: Lease,
      inProcess: InProcessNodes,
      references: ReferencePort,
      limits: NearLimits,
    },
    MessageRouter,
  );
  bind(MessageReceiver).toParts(
    {
      local: LocalNode,
      port: DeliveryPort,
      pending: PendingCalls,
      known: KnownLocations,
      lease: Lease,
      transport: Transport,
      serializer: Serializer,
      time: TimeProvider,
      refusals: RefusalLog,
      metrics: Metrics,
      bus: MessageBus,
      router: MessageRouter,
      restraint: Restraint,
      references: ReferencePort,
      descriptors: KnownActors,
    },
    MessageReceiver,
  );
  bind(MessageBus).toParts(
    {
      local: LocalNode,
      membership: Membership,
      router: MessageRouter,
      restraint: Restraint,
      pending: PendingCalls,
      order: SenderOrder,
      known: KnownLocations,
      time: TimeProvider,
      random: RandomProvider,
      events: EventLog,
      options: MessagingOptions,
      references: ReferencePort,
      refusals: RefusalLog,
      metrics: Metrics,
      limits: NearLimits,
      filters: Filters.outgoing,
    },
    MessageBus,
  );
  bind(ReferenceFactory).toFactory(
    [LocalNode, MessageBus, MessageDeliveries, ReferencePort, KnownActors],
    (local, bus, deliveries, references, known) =>
      new ReferenceFactory(local, { bus, deliveries }, references, known.values()),
  );
}
