import { Catalog } from '../activation/catalog';
import { PendingCalls } from '../calls/pending-calls';
import { Lease } from '../cluster/lease';
import { MemberLoad } from '../cluster/member-load';
import { Membership } from '../cluster/membership';
import { Deliverer } from '../deliveries/deliverer';
import { LocationCache } from '../directory/location-cache';
import type { NodeRole } from '../identity/local-node';
import type { Contribute } from '../injection/container-module';
import { MessageReceiver } from '../messaging/message-receiver';
import { MessageRouter } from '../messaging/message-router';
import { Restraint } from '../messaging/restraint';
import type { CounterDefinition, GaugeDefinition } from '../observability/metric';
import { OBSERVED_METRICS as METRICS } from '../observability/metric-catalogue';
import { ObservedMetrics, type ObservedMetric } from '../observability/metrics';
import { LocalSystem } from '../local-system/local-system';
import type { PeerDescription } from '../transport/peer-counters';
import { Transport } from '../transport/transport';

const observed = (definition: GaugeDefinition | CounterDefinition, read: () => number): ObservedMetric => {
  return { definition, read };
};

/** What is known anyway, and read when somebody looks. */
export function contributeMetrics(contribute: Contribute, role: NodeRole): void {
  const metric = contribute(ObservedMetrics);
  metric.toFactory([PendingCalls], (pending) => observed(METRICS.pending, () => pending.size));
  metric.toFactory([Restraint], (restraint) => observed(METRICS.heldBack, () => restraint.heldBack));
  metric.toFactory([MessageReceiver], (receiver) => observed(METRICS.lateRequests, () => receiver.lateRequests));
  metric.toFactory([MessageRouter], (router) => observed(METRICS.inProcess, () => router.callsInProcess()));
  metric.toFactory([LocationCache], (locations) => observed(METRICS.known, () => locations.size));
  metric.toFactory([Membership], (membership) => observed(METRICS.members, () => activeMembers(membership)));
  metric.toFactory([Membership], (membership) =>
    observed(METRICS.storeReached, () => (membership.reachesStore ? 1 : 0)),
  );
  metric.toFactory([LocalSystem], (local) => observed(METRICS.localActors, () => local.describe().count));
  contributeTransport(contribute);
  if (role === 'node') contributeHosting(contribute);
}

const activeMembers = ({ view }: Membership): number => view.members.filter(({ status }) => status === 'active').length;

function contributeTransport(contribute: Contribute): void {
  const metric = contribute(ObservedMetrics);
  const sumOf = (transport: Transport, of: (peer: PeerDescription) => number): number =>
    Object.values(transport.describe().outgoing).reduce((sum, peer) => sum + of(peer), 0);
  metric.toFactory([Transport], (transport) => observed(METRICS.connections, () => transport.describe().incoming));
  metric.toFactory([Transport], (transport) =>
    observed(METRICS.sentBytes, () => sumOf(transport, ({ sentBytes }) => sentBytes)),
  );
  metric.toFactory([Transport], (transport) =>
    observed(METRICS.receivedBytes, () => sumOf(transport, ({ receivedBytes }) => receivedBytes)),
  );
}

function contributeHosting(contribute: Contribute): void {
  const metric = contribute(ObservedMetrics);
  metric.toFactory([MemberLoad], (load) => observed(METRICS.lag, () => load.lagMs));
  metric.toFactory([Lease], (lease) => observed(METRICS.leaseHeld, () => (lease.held ? 1 : 0)));
  metric.toFactory([Deliverer], (deliverer) => observed(METRICS.deliveriesUnderWay, () => deliverer.size));
  metric.toFactory([Deliverer], (deliverer) => observed(METRICS.deliveryLag, () => deliverer.lateMs / 1_000));
  metric.toFactory([Catalog], (catalog) => observed(METRICS.activations, () => catalog.size));
  metric.toFactory([Catalog], (catalog) => observed(METRICS.waiting, () => catalog.figures.waiting));
  metric.toFactory([Catalog], (catalog) => observed(METRICS.underWay, () => catalog.figures.underWay));
  metric.toFactory([Catalog], (catalog) => observed(METRICS.overloaded, () => catalog.figures.refused));
  metric.toFactory([Catalog], (catalog) => observed(METRICS.deadlocks, () => catalog.figures.deadlocks));
}
