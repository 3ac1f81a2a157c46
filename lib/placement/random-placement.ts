import type { Member } from '../cluster/membership-store';
import type { RandomProvider } from '../providers/random-provider';
import type { PlacementStrategy } from './placement-strategy';

/** Any member, each equally likely. */
export class RandomPlacement implements PlacementStrategy {
  constructor(private readonly random: RandomProvider) {}

  choose(candidates: readonly Member[]): Member {
    return candidates[this.random.below(candidates.length)] as Member;
  }
}
