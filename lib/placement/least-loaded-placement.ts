import type { ActorId } from '../identity/actor-id';
import type { RandomProvider } from '../providers/random-provider';
import type { PlacementCandidate, PlacementStrategy } from './placement-strategy';

/**
 * The candidate with the fewest activations, and one of them at random when several have as few. Evener than the best of two where one process places nearly all;
 * where many do, each knows what the others have placed a third of a lease later, and until then all of them choose the same.
 */
export class LeastLoadedPlacement implements PlacementStrategy {
  constructor(private readonly random: RandomProvider) {}

  choose(_actor: ActorId, candidates: readonly PlacementCandidate[]): PlacementCandidate | undefined {
    const least = Math.min(...candidates.map(({ load }) => load));
    const choice = candidates.filter(({ load }) => load === least);
    return choice[this.random.below(choice.length)];
  }
}
