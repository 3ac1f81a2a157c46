import type { NetworkRule, Transfer, TransferStage, TransferVerdict } from '../transfers/transfer';

/** Connections that are gone without a word. Times are in milliseconds, probabilities 0 to 1. */
export interface VanishingFaults {
  /** For each delivery: one side loses the connection, the other sees nothing. */
  readonly halfOpenProbability: number;
  /** For each delivery: nothing gets through any more, and neither side is notified. */
  readonly blackHoleProbability: number;
  /** When the side that sees nothing is told after all, half of the time; else it never is. */
  readonly minResetMs: number;
  readonly maxResetMs: number;
}

const BLACK_HOLE: TransferVerdict = { kind: 'vanish', told: 'nobody', resetAfterMs: undefined };

/** Lets a connection vanish now and then: only silence tells, so whoever relies on it must ask for heartbeats. */
export class VanishingRule implements NetworkRule {
  readonly name = 'vanishing';
  readonly stages: readonly TransferStage[] = ['arrival'];

  constructor(private readonly faults: VanishingFaults) {}

  judge({ link, kind }: Transfer): TransferVerdict | undefined {
    if (kind !== 'data' || link.isStable) return undefined;
    const { halfOpenProbability, blackHoleProbability, minResetMs, maxResetMs } = this.faults;
    if (link.rolls('black-hole').strikes(blackHoleProbability)) return BLACK_HOLE;
    const rolls = link.rolls('half-open');
    if (!rolls.strikes(halfOpenProbability)) return undefined;
    const manner = rolls.manner();
    const resetAfterMs = manner.chance(0.5) ? manner.between(minResetMs, maxResetMs) : undefined;
    rolls.tells(resetAfterMs === undefined ? {} : { afterMs: resetAfterMs });
    return { kind: 'vanish', told: 'receiver', resetAfterMs };
  }
}
