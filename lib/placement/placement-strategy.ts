import type { Member } from '../cluster/membership-store';
import type { NodeId } from '../identity/node-id';
import { token } from '../injection/token';

/** Chooses the node on which an actor that is nowhere is activated. */
export interface PlacementStrategy {
  /**
   * @param candidates the active members that host the actor type; at least one.
   * @param local the node that asks; undefined for a client.
   */
  choose(candidates: readonly Member[], local: NodeId | undefined): Member;
}
export const PlacementStrategy = token<PlacementStrategy>('PlacementStrategy');
