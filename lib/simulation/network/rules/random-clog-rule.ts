import type { ClogRule } from './clog-rule';
import type { NetworkRule, Transfer, TransferStage, TransferVerdict } from '../transfers/transfer';

/** How links clog. Times are in milliseconds, the probability 0 to 1. */
export interface ClogFaults {
  /** For each write, and for each read. */
  readonly probability: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** Clogs a link now and then, for its writer or for its reader, from the very transfer on that met the fault. */
export class RandomClogRule implements NetworkRule {
  readonly name = 'random-clog';
  readonly stages: readonly TransferStage[] = ['departure', 'arrival'];

  constructor(
    private readonly clogs: ClogRule,
    private readonly faults: ClogFaults,
  ) {}

  judge(transfer: Transfer): TransferVerdict | undefined {
    const { link, kind, stage } = transfer;
    if (kind !== 'data' || link.isLoopback) return undefined;
    const [side, site] =
      stage === 'departure' ? (['writing', 'clog-write'] as const) : (['reading', 'clog-read'] as const);
    const rolls = link.rolls(site);
    if (this.clogs.isClogged(link, side) || !rolls.strikes(this.faults.probability)) return undefined;
    const forMs = rolls.manner().between(this.faults.minMs, this.faults.maxMs);
    rolls.tells({ forMs });
    this.clogs.clog(link, side, forMs);
    return this.clogs.judge(transfer);
  }
}
