import type { ActorId } from '../identity/actor-id';
import type { RandomProvider } from '../providers/random-provider';
import type { PlacementCandidate, PlacementStrategy } from './placement-strategy';

/**
 * Of two members taken at random, the one with fewer activations. Nearly as even as asking all, and no herd runs to the
 * one that was least loaded a moment ago. M. Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing", 2001.
 */
export class BestOfTwoPlacement implements PlacementStrategy {
  constructor(private readonly random: RandomProvider) {}

  choose(_actor: ActorId, candidates: readonly PlacementCandidate[]): PlacementCandidate {
    const first = this.random.below(candidates.length);
    if (candidates.length === 1) return candidates[first] as PlacementCandidate;
    const second = (first + 1 + this.random.below(candidates.length - 1)) % candidates.length;
    const [a, b] = [candidates[first] as PlacementCandidate, candidates[second] as PlacementCandidate];
    return b.load < a.load ? b : a;
  }
}
