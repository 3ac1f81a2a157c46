import type { Buggify } from '../chaos/buggify';
import type { ActorId } from '../identity/actor-id';
import type { NodeId } from '../identity/node-id';
import type { PlacementCandidate, PlacementStrategy } from './placement-strategy';

/** A strategy that buggify now and then replaces by another: where an actor is placed must never matter to what it does. */
export class StrayingPlacement implements PlacementStrategy {
  constructor(
    private readonly proper: PlacementStrategy,
    private readonly stray: PlacementStrategy,
    private readonly buggify: Buggify,
  ) {}

  choose(
    actor: ActorId,
    candidates: readonly PlacementCandidate[],
    local: NodeId | undefined,
  ): PlacementCandidate | undefined {
    return (this.buggify.strikes('placement-strays') ? this.stray : this.proper).choose(actor, candidates, local);
  }
}
