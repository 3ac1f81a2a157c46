import { MAX_REMINDER_NAME_BYTES } from '../actor/reminder';
import { Catalog } from '../activation/catalog';
import { ReferencePort } from '../calls/reference-port';
import { Buggify } from '../chaos/buggify';
import { Lease } from '../cluster/lease';
import { Membership } from '../cluster/membership';
import { TransportOptions } from '../connection/transport-options';
import { Deliverer } from '../deliveries/deliverer';
import { MessagingOptions } from '../calls/messaging-options';
import { DeliveryCalls } from '../deliveries/delivery-calls';
import { DeliveryOptions } from '../deliveries/delivery-options';
import { DeliverySender, PromptSender } from '../deliveries/delivery-sender';
import { MessageDeliveries } from '../deliveries/message-deliveries';
import { StoredReminders } from '../deliveries/stored-reminders';
import { LocalNode } from '../identity/local-node';
import type { Bind } from '../injection/container-module';
import { MessageBus } from '../messaging/message-bus';
import { MAX_HEADER_BYTES } from '../messaging/envelope';
import { KnownActors } from '../metadata/actor-descriptor';
import { DELIVERY_METRICS } from '../observability/metric-catalogue';
import { Metrics } from '../observability/metrics';
import { RefusalLog } from '../observability/refusal-log';
import { RandomProvider } from '../providers/random-provider';
import { TaskProvider } from '../providers/task-provider';
import { TimeProvider } from '../providers/time-provider';
import { Serializer } from '../serialization/serializer';
import { StateStorage } from '../storage/state-storage';
import { Reminders } from '../turns/actor-reminders';

/** What stands around the arguments of a call in its packet, at most. */
const AROUND_BYTES = MAX_HEADER_BYTES + 128;

/** What stands around the data of a reminder among the arguments of its call: names, and when it is due. */
const AROUND_DATA_BYTES = MAX_REMINDER_NAME_BYTES + 256;

/** Messages that must arrive: how a process takes them, and how it sends what it has just committed. */
export function bindDeliveries(bind: Bind): void {
  bind(DeliveryCalls).toParts(
    { bus: MessageBus, serializer: Serializer, references: ReferencePort, known: KnownActors, time: TimeProvider },
    DeliveryCalls,
  );
  bind(DeliverySender).toFactory(
    {
      storage: StateStorage,
      calls: DeliveryCalls,
      options: DeliveryOptions,
      time: TimeProvider,
      random: RandomProvider,
      tasks: TaskProvider,
      refusals: RefusalLog,
      metrics: Metrics,
    },
    ({ metrics, ...parts }) => new PromptSender({ ...parts, counters: metrics.bind(DELIVERY_METRICS) }),
  );
  bind(MessageDeliveries).toFactory(
    {
      storage: StateStorage,
      serializer: Serializer,
      sender: DeliverySender,
      options: DeliveryOptions,
      random: RandomProvider,
      time: TimeProvider,
      metrics: Metrics,
      transport: TransportOptions,
      messaging: MessagingOptions,
    },
    ({ metrics, transport, messaging, ...parts }) =>
      new MessageDeliveries({
        ...parts,
        callTimeoutMs: messaging.callTimeoutMs,
        counters: metrics.bind(DELIVERY_METRICS),
        maxBytes: transport.maxPacketBytes - AROUND_BYTES,
      }),
  );
}

/** What a node delivers, and the reminders of its actors. */
export function bindDeliverer(bind: Bind): void {
  bind(Reminders).toFactory(
    {
      storage: StateStorage,
      serializer: Serializer,
      time: TimeProvider,
      random: RandomProvider,
      transport: TransportOptions,
    },
    ({ transport, ...parts }) =>
      new StoredReminders({ ...parts, maxBytes: transport.maxPacketBytes - AROUND_BYTES - AROUND_DATA_BYTES }),
  );
  bind(Deliverer).toFactory(
    {
      local: LocalNode,
      membership: Membership,
      lease: Lease,
      storage: StateStorage,
      calls: DeliveryCalls,
      options: DeliveryOptions,
      time: TimeProvider,
      tasks: TaskProvider,
      random: RandomProvider,
      buggify: Buggify,
      refusals: RefusalLog,
      metrics: Metrics,
      // It has no use for them: it begins when actors can be called, and ends before they do.
      catalog: Catalog,
    },
    ({ metrics, catalog: _catalog, ...parts }) => new Deliverer({ ...parts, counters: metrics.bind(DELIVERY_METRICS) }),
  );
}
