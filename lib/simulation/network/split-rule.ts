import type { NetworkRule, Transfer, Verdict } from './transfer';

/** Lets data arrive in pieces now and then: a reader must take any split of its stream. */
export class SplitRule implements NetworkRule {
  readonly name = 'split';

  /** @param probability for each arrival of data. */
  constructor(private readonly probability: number) {}

  judge({ stage, kind, bytes, link }: Transfer): Verdict | undefined {
    if (stage === 'departure' || kind !== 'data' || bytes < 2) return undefined;
    const rolls = link.rolls(this.name);
    return rolls.chance(this.probability) ? { kind: 'split', bytes: 1 + rolls.below(bytes - 1) } : undefined;
  }
}
