import { DEFAULT_ACTIVATION_OPTIONS, type ActivationOptions } from '../activation/activation-options';
import type { Buggify } from '../chaos/buggify';
import { DEFAULT_MESSAGING_OPTIONS, type MessagingOptions } from '../calls/messaging-options';
import { DEFAULT_PERSISTENCE_OPTIONS, type PersistenceOptions } from '../persistence/persistence-options';
import { DEFAULT_DELIVERY_OPTIONS, type DeliveryOptions } from '../deliveries/delivery-options';
import { DEFAULT_TRANSPORT_OPTIONS, type TransportOptions } from '../connection/transport-options';

/** The defaults of the transport, some of them turned. */
export function transportDefaults(buggify: Buggify): TransportOptions {
  const defaults = DEFAULT_TRANSPORT_OPTIONS;
  return {
    ...defaults,
    pingIntervalMs: buggify.knob('ping-interval', defaults.pingIntervalMs, { low: 300, high: 700 }),
    reconnectMinMs: buggify.knob('reconnect-wait', defaults.reconnectMinMs, { low: 1, high: 20 }),
  };
}

/** The defaults of messaging, some of them turned. */
export function messagingDefaults(buggify: Buggify): MessagingOptions {
  const defaults = DEFAULT_MESSAGING_OPTIONS;
  return {
    ...defaults,
    locationCacheCapacity: buggify.knob('location-cache', defaults.locationCacheCapacity, { low: 1, high: 4 }),
  };
}

/** The defaults of what is durable, some of them turned. */
export function persistenceDefaults(buggify: Buggify): PersistenceOptions {
  const defaults = DEFAULT_PERSISTENCE_OPTIONS;
  return { ...defaults, keptAnswers: buggify.knob('kept-answers', defaults.keptAnswers, { low: 200, high: 400 }) };
}

/** The defaults of activations, some of them turned. */
export function activationDefaults(buggify: Buggify): ActivationOptions {
  const defaults = DEFAULT_ACTIVATION_OPTIONS;
  return {
    ...defaults,
    deadlockAfterMs: buggify.knob('deadlock-after', defaults.deadlockAfterMs, { low: 20, high: 200 }),
    mailboxCapacity: buggify.knob('mailbox-capacity', defaults.mailboxCapacity, { low: 8, high: 64 }),
    idleTimeoutMs: buggify.knob('idle-timeout', defaults.idleTimeoutMs, { low: 20, high: 2_000 }),
    collectionIntervalMs: buggify.knob('collection-interval', defaults.collectionIntervalMs, { low: 20, high: 1_000 }),
    migrationLimitMs: buggify.knob('migration-limit', defaults.migrationLimitMs, { low: 20, high: 500 }),
    rebalance: buggify.knob('rebalance', 0, { low: 1, high: 1 }) === 1,
    rebalanceDifference: buggify.knob('rebalance-difference', defaults.rebalanceDifference, { low: 1, high: 3 }),
    turnQuantumMs: buggify.knob('turn-quantum', defaults.turnQuantumMs, { low: 0, high: 1 }),
  };
}

/** The defaults of deliveries, some of them turned. */
export function deliveryDefaults(buggify: Buggify): DeliveryOptions {
  const defaults = DEFAULT_DELIVERY_OPTIONS;
  return {
    ...defaults,
    maxUnderWay: buggify.knob('deliveries-under-way', defaults.maxUnderWay, { low: 1, high: 4 }),
    graceMs: buggify.knob('delivery-grace', defaults.graceMs, { low: 1, high: 100 }),
  };
}
