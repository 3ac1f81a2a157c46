import type { Buggify } from '../chaos/buggify';
import type { Member } from '../cluster/membership-store';
import type { NodeId } from '../identity/node-id';
import type { PlacementStrategy } from './placement-strategy';

/** A strategy that buggify now and then replaces by another: where an actor is placed must never matter to what it does. */
export class StrayingPlacement implements PlacementStrategy {
  constructor(
    private readonly proper: PlacementStrategy,
    private readonly stray: PlacementStrategy,
    private readonly buggify: Buggify,
  ) {}

  choose(candidates: readonly Member[], local: NodeId | undefined): Member {
    return (this.buggify.strikes('placement-strays') ? this.stray : this.proper).choose(candidates, local);
  }
}
