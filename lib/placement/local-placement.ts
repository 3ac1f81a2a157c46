import type { Member } from '../cluster/membership-store';
import { sameNode, type NodeId } from '../identity/node-id';
import type { PlacementStrategy } from './placement-strategy';

/** The node that asks, if it hosts the actor type; otherwise what another strategy chooses. */
export class LocalPlacement implements PlacementStrategy {
  constructor(private readonly otherwise: PlacementStrategy) {}

  choose(candidates: readonly Member[], local: NodeId | undefined): Member {
    const here = local === undefined ? undefined : candidates.find((candidate) => sameNode(candidate, local));
    return here ?? this.otherwise.choose(candidates, local);
  }
}
