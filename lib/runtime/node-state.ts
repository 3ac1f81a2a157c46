import { Catalog } from '../activation/catalog';
import { Lease } from '../cluster/lease';
import { Membership } from '../cluster/membership';
import { LocationCache } from '../directory/location-cache';
import { formatNodeId } from '../identity/node-id';
import type { NodeContainer } from '../injection/node-container';
import { MessageBus } from '../messaging/message-bus';
import { MessageReceiver } from '../messaging/message-receiver';
import { MessageRouter } from '../messaging/message-router';
import { Restraint } from '../messaging/restraint';
import { PendingCalls } from '../calls/pending-calls';
import { RefusalLog } from '../observability/refusal-log';
import { StateRegistry } from '../observability/state-registry';
import { LocalSystem } from '../supervision/local-system';
import type { LocalNode } from '../identity/local-node';
import { Transport } from '../transport/transport';
import type { NodeInspection } from './node-inspection';

/** Publishes what the parts of a node say of themselves. */
export function publishNodeState(container: NodeContainer, local: LocalNode): void {
  const registry = container.get(StateRegistry);
  const [bus, pending, locations, membership, transport, receiver, lease, router, restraint, localActors, refusals] = [
    container.get(MessageBus),
    container.get(PendingCalls),
    container.get(LocationCache),
    container.get(Membership),
    container.get(Transport),
    container.get(MessageReceiver),
    container.get(Lease),
    container.get(MessageRouter),
    container.get(Restraint),
    container.get(LocalSystem),
    container.get(RefusalLog),
  ];
  const publish = <K extends keyof NodeInspection & string>(key: K, read: () => NonNullable<NodeInspection[K]>): void =>
    void registry.publish(key, read);
  publish('node', () => ({ name: local.toString(), role: local.role, address: local.address, state: bus.state }));
  publish('calls', () => ({
    pending: pending.size,
    ...bus.counters.describe(),
    lateReplies: receiver.lateReplies,
    lateRequests: receiver.lateRequests,
    heldBack: restraint.heldBack,
  }));
  publish('kept', () => ({ ...pending.kept, ...router.kept(), ...receiver.kept }));
  publish('locations', () => ({
    known: locations.size,
    capacity: locations.capacity,
    found: locations.found,
    missed: locations.missed,
  }));
  publish('membership', () => membershipState(membership));
  publish('peers', () => ({ ...transport.describe(), callsInProcess: router.callsInProcess() }));
  publish('refusals', () => refusals.describe());
  publish('localActors', () => localActors.describe());
  if (local.role === 'client') return;
  const catalog = container.get(Catalog);
  publish('lease', () => ({ held: lease.held }));
  publish('activations', () => catalog.describe());
  publish('states', () => catalog.states.describe());
}

function membershipState({ view }: Membership): NodeInspection['membership'] {
  const members = view.members.map((member) => {
    const { address, status, load } = member;
    return { node: formatNodeId(member), address, status, load };
  });
  return { version: view.version, members };
}
