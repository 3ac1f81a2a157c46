import type { ActorId } from '../identity/actor-id';
import { hashOf } from '../wire/text-hash';
import type { PlacementCandidate, PlacementStrategy } from './placement-strategy';

/**
 * The candidate whose name, hashed with the actor's path, is the greatest number: all processes choose the same, and a node that comes or goes changes the place of its own share of
 * actors alone (D. Thaler and C. Ravishankar, "A Name-Based Mapping Scheme for Rendezvous", 1996). Loads count for nothing. A node that is started again under its name
 * has the same actors.
 */
export class HashPlacement implements PlacementStrategy {
  choose({ path }: ActorId, candidates: readonly PlacementCandidate[]): PlacementCandidate | undefined {
    let choice: PlacementCandidate | undefined;
    let greatest = -1;
    for (const candidate of candidates) {
      const weight = hashOf(`${candidate.name}\n${path}`);
      if (weight > greatest) [choice, greatest] = [candidate, weight];
    }
    return choice;
  }
}
