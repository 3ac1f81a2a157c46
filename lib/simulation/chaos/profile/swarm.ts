import type { KeyedRolls, RollSequence } from '../../random/keyed-rolls';

/**
 * Draws the families of faults of a hostile seed. Each family draws from a sequence of its own, so that a change of one
 * leaves the others of every seed as they are. Switching whole families off lets the others go further than they would
 * if everything struck at once (swarm testing, Groce and others, 2012).
 */
export class Swarm {
  constructor(private readonly keyed: KeyedRolls) {}

  /** Draws a family that every seed has. */
  always<T>(family: string, draw: (rolls: RollSequence) => T): T {
    return draw(this.keyed.sequence('chaos', family));
  }

  /** Draws a family that half of the seeds have; the others get what stands for none. */
  perhaps<T>(family: string, draw: (rolls: RollSequence) => T, none: T): T {
    return this.always(family, (rolls) => (rolls.chance(0.5) ? draw(rolls) : none));
  }
}
