import type { NetworkRule, Transfer, TransferStage, TransferVerdict } from '../transfers/transfer';

/** How much of a write or read is done at once, now and then. */
export interface ShortTransferFaults {
  /** For each write and each read of the links that are prone to it, half of all. */
  readonly probability: number;
  /** The most bytes that are then taken. */
  readonly keepBytes: number;
}

/**
 * Lets a write take, or a read give, only a part of what there is. The sender's stack tries again with the rest, so
 * nothing is lost; a reader must take any split of its stream.
 */
export class ShortTransferRule implements NetworkRule {
  readonly name: 'short-write' | 'short-read';
  readonly stages: readonly TransferStage[];

  /** @param stage writes are short at the departure, reads at the arrival. */
  constructor(
    stage: TransferStage,
    private readonly faults: ShortTransferFaults,
  ) {
    this.name = stage === 'departure' ? 'short-write' : 'short-read';
    this.stages = [stage];
  }

  judge({ kind, bytes, link }: Transfer): TransferVerdict | undefined {
    // A write may take nothing; a read that gives nothing would be no read.
    const least = this.name === 'short-write' ? 0 : 1;
    if (kind !== 'data' || bytes <= least || !link.isProneTo(this.name)) return undefined;
    const rolls = link.rolls(this.name);
    if (!rolls.strikes(this.faults.probability)) return undefined;
    const most = Math.min(this.faults.keepBytes, bytes - 1);
    const done = least + rolls.manner().below(Math.max(1, most + 1 - least));
    rolls.tells({ done, of: bytes });
    return { kind: 'split', bytes: done };
  }
}
