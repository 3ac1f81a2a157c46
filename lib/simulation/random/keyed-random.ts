import { combine32, hashText } from './splitmix';

/**
 * Rolls of one site for one entity: the n-th is a hash of seed, site, entity and n, and of nothing else. So no roll moves
 * another one: a fault has a name ("cut, node1 to node2, the 17th") and stays what it is when others are taken away.
 */
export class KeyedRolls {
  private count = 0;

  constructor(private readonly key: number) {}

  /** A number from 0 (included) to 1 (excluded). */
  fraction(): number {
    return combine32(this.key, this.count++) / 2 ** 32;
  }

  /** A number between the bounds. */
  between(min: number, max: number): number {
    return min + this.fraction() * (max - min);
  }

  /** An integer from 0 (included) to `bound` (excluded). */
  below(bound: number): number {
    return Math.floor(this.fraction() * bound);
  }

  /** True with the probability, 0 to 1. Draws nothing when the outcome is forced. */
  happens(probability: number): boolean {
    return probability > 0 && (probability >= 1 || this.fraction() < probability);
  }

  /** One of the items. */
  pick<T>(items: readonly T[]): T {
    return items[this.below(items.length)] as T;
  }
}

/** The randomness of a seed, divided by what it is used for. */
export class KeyedRandom {
  private readonly rollsByKey = new Map<string, KeyedRolls>();
  private readonly seedHash: number;

  constructor(readonly seed: number) {
    this.seedHash = combine32(seed >>> 0, Math.floor(seed / 2 ** 32));
  }

  /** The rolls of a site for an entity; asked for again, they go on where they were. */
  rolls(site: string, entity = ''): KeyedRolls {
    const name = `${site}\n${entity}`;
    let rolls = this.rollsByKey.get(name);
    if (rolls === undefined) {
      rolls = new KeyedRolls(this.seedOf(site, entity));
      this.rollsByKey.set(name, rolls);
    }
    return rolls;
  }

  /** A seed for a stream of its own. */
  seedOf(site: string, entity = ''): number {
    return combine32(combine32(this.seedHash, hashText(site)), hashText(entity));
  }
}
