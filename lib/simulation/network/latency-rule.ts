import type { NetworkRule, Transfer, Verdict } from './transfer';

/** How long a transfer takes, in milliseconds. */
export interface LatencyRange {
  readonly lowMs: number;
  readonly highMs: number;
  /** How often a transfer takes longer. Default: 0. */
  readonly slowProbability?: number;
  /** How many times longer, at most. Default: 10. */
  readonly slowFactor?: number;
}

/** Everything takes its time to arrive; each link has rolls of its own. */
export class LatencyRule implements NetworkRule {
  readonly name = 'latency';

  constructor(private readonly range: LatencyRange) {}

  judge({ stage, link }: Transfer): Verdict | undefined {
    if (stage === 'arrival') return undefined;
    const { lowMs, highMs, slowProbability = 0, slowFactor = 10 } = this.range;
    const usualMs = link.rolls('latency').between(lowMs, highMs);
    const rolls = link.rolls('slow-transfer');
    return { kind: 'delay', delayMs: rolls.chance(slowProbability) ? usualMs * rolls.between(1, slowFactor) : usualMs };
  }
}
