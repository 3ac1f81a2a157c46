import type { Member } from '../cluster/membership-store';
import { sameNode, type NodeId } from '../identity/node-id';
import type { DeliveryRange } from '../storage/stored-delivery';
import { hashOf } from '../wire/text-hash';

/** How many slots the ring has. */
const SLOTS = 2 ** 32;

export const WHOLE_RING: DeliveryRange = { from: 0, to: SLOTS };

/** Where an actor stands on the ring of deliveries. It is stored with each delivery, so it never changes. */
export function slotOf(path: string): number {
  return hashOf(path);
}

/**
 * The part of the ring that a node delivers: the active members, in the order of the view, have equal parts of it. Every node computes the
 * same from the same view; where views differ for a moment, two deliver the same, which the key of each delivery makes harmless, or nobody does.
 * Undefined when the node is not among them.
 */
export function ringPartOf(members: readonly Member[], self: NodeId): DeliveryRange | undefined {
  const deliverers = members.filter(
    (member) => member.status === 'active' && (delivers(member) || sameNode(member, self)),
  );
  const index = deliverers.findIndex((member) => sameNode(member, self));
  if (index < 0) return undefined;
  const { length: count } = deliverers;
  return { from: Math.floor((index * SLOTS) / count), to: Math.floor(((index + 1) * SLOTS) / count) };
}

/** Nodes of Moonpool 0.1, which say of no newest protocol, know of no deliveries. */
function delivers({ terms }: Member): boolean {
  return terms?.newestProtocol !== undefined;
}
