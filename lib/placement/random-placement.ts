import type { ActorId } from '../identity/actor-id';
import type { RandomProvider } from '../providers/random-provider';
import type { PlacementCandidate, PlacementStrategy } from './placement-strategy';

/** Any member, each equally likely. */
export class RandomPlacement implements PlacementStrategy {
  constructor(private readonly random: RandomProvider) {}

  choose(_actor: ActorId, candidates: readonly PlacementCandidate[]): PlacementCandidate {
    return candidates[this.random.below(candidates.length)] as PlacementCandidate;
  }
}
