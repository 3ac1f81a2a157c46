import type { ActorId } from '../identity/actor-id';
import { sameNode, type NodeId } from '../identity/node-id';
import type { PlacementCandidate, PlacementStrategy } from './placement-strategy';

/** The node that asks, if it hosts the actor type; otherwise what another strategy chooses. */
export class LocalPlacement implements PlacementStrategy {
  constructor(private readonly otherwise: PlacementStrategy) {}

  choose(
    actor: ActorId,
    candidates: readonly PlacementCandidate[],
    local: NodeId | undefined,
  ): PlacementCandidate | undefined {
    const here = local === undefined ? undefined : candidates.find((candidate) => sameNode(candidate, local));
    return here ?? this.otherwise.choose(actor, candidates, local);
  }
}
