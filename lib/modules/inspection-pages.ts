import { Catalog } from '../activation/catalog';
import { PendingCalls } from '../calls/pending-calls';
import { NO_LABELS } from '../cluster/labels';
import { Lease } from '../cluster/lease';
import { Membership } from '../cluster/membership';
import { REACHES_ALL } from '../cluster/reach-report';
import { Deliverer } from '../deliveries/deliverer';
import { DirectoryPort } from '../directory/directory-port';
import { LocationCache } from '../directory/location-cache';
import { LocalNode, type NodeRole } from '../identity/local-node';
import { formatNodeId } from '../identity/node-id';
import type { Contribute } from '../injection/container-module';
import { MessageBus } from '../messaging/message-bus';
import { MessageReceiver } from '../messaging/message-receiver';
import { MessageRouter } from '../messaging/message-router';
import { Restraint } from '../messaging/restraint';
import { InspectionPages, type InspectionPage } from '../observability/inspection-page';
import { DELIVERY_METRICS, STATE_METRICS } from '../observability/metric-catalogue';
import { Metrics, totalsOf } from '../observability/metrics';
import { RefusalLog } from '../observability/refusal-log';
import { SenderOrder } from '../ordering/sender-order';
import { LocalSystem } from '../local-system/local-system';
import { Transport } from '../transport/transport';
import type { NodeInspection } from './node-inspection';

/** What the parts of a process say of themselves. */
export function contributeInspection(contribute: Contribute, role: NodeRole): void {
  contribute(InspectionPages).toFactory({ local: LocalNode, bus: MessageBus }, ({ local, bus }) =>
    page('node', () => ({ name: local.toString(), role: local.role, address: local.address, state: bus.state })),
  );
  contributeCalls(contribute);
  contribute(InspectionPages).toFactory([LocationCache], (locations) =>
    page('locations', () => {
      const { size: known, capacity, counters } = locations;
      return { known, capacity, ...totalsOf(counters) };
    }),
  );
  contribute(InspectionPages).toFactory([Membership], (membership) =>
    page('membership', () => membershipState(membership)),
  );
  contribute(InspectionPages).toFactory([Transport, MessageRouter], (transport, router) =>
    page('peers', () => ({ ...transport.describe(), callsInProcess: router.callsInProcess() })),
  );
  contribute(InspectionPages).toFactory([RefusalLog], (refusals) => page('refusals', () => refusals.describe()));
  contribute(InspectionPages).toFactory([LocalSystem], (local) => page('localActors', () => local.describe()));
  if (role === 'node') contributeHosting(contribute);
}

function contributeCalls(contribute: Contribute): void {
  contribute(InspectionPages).toFactory(
    { bus: MessageBus, pending: PendingCalls, receiver: MessageReceiver, restraint: Restraint },
    ({ bus, pending, receiver, restraint }) =>
      page('calls', () => ({
        pending: pending.size,
        ...totalsOf(bus.counters),
        lateRequests: receiver.lateRequests,
        heldBack: restraint.heldBack,
      })),
  );
  contribute(InspectionPages).toFactory([PendingCalls, SenderOrder, MessageReceiver], (pending, order, receiver) =>
    page('kept', () => ({ ...pending.kept, ...order.kept, ...receiver.kept })),
  );
}

function contributeHosting(contribute: Contribute): void {
  contribute(InspectionPages).toFactory([Lease], (lease) => page('lease', () => ({ held: lease.held })));
  contribute(InspectionPages).toFactory([Catalog], (catalog) => page('activations', () => catalog.describe()));
  contribute(InspectionPages).toFactory([DirectoryPort], (port) => page('directory', () => port.describe()));
  contribute(InspectionPages).toFactory([Deliverer, Metrics], (deliverer, metrics) => {
    const counters = metrics.bind(DELIVERY_METRICS);
    return page('deliveries', () => ({ underWay: deliverer.size, lateMs: deliverer.lateMs, ...totalsOf(counters) }));
  });
  contribute(InspectionPages).toFactory([Metrics], (metrics) => {
    const counters = metrics.bind(STATE_METRICS);
    return page('states', () => totalsOf(counters));
  });
}

/** A page of Moonpool's own, as {@link NodeInspection} promises it. */
function page<K extends keyof NodeInspection & string>(
  key: K,
  read: () => NonNullable<NodeInspection[K]>,
): InspectionPage {
  return { key, read };
}

function membershipState({ view }: Membership): NodeInspection['membership'] {
  const members = view.members.map((member) => {
    const { address, status, load, labels = NO_LABELS, actorVersions = {}, reach = REACHES_ALL } = member;
    const unreached = view.members.filter(({ incarnation }) => reach.unreached.includes(incarnation)).map(formatNodeId);
    return { node: formatNodeId(member), address, status, load, labels, actorVersions, unreached };
  });
  return { version: view.version, members };
}
