import { eventKind } from '../../timeline/event-queue';
import type { SimulationEngine } from '../../engine/simulation-engine';
import { bothWays, type PartitionRule } from '../partitions/partition-rule';
import type { NetworkRule, Transfer, TransferStage, TransferVerdict } from '../transfers/transfer';

/** Cables that are pulled and put back. Times are in milliseconds, the probability 0 to 1. */
export interface TemporaryCutFaults {
  /** For each delivery. */
  readonly probability: number;
  readonly minMs: number;
  readonly maxMs: number;
}

const HOLD: TransferVerdict = { kind: 'hold' };
const RESTORE = eventKind('restore-link');

/** Cuts two hosts off from each other now and then, both ways, and restores the link later; connections survive that. */
export class TemporaryCutRule implements NetworkRule {
  readonly name = 'temporary-cut';
  readonly stages: readonly TransferStage[] = ['arrival'];

  constructor(
    private readonly engine: SimulationEngine,
    private readonly partitions: PartitionRule,
    private readonly faults: TemporaryCutFaults,
  ) {}

  judge({ link, kind }: Transfer): TransferVerdict | undefined {
    if (kind !== 'data' || link.isStable) return undefined;
    const rolls = link.rolls(this.name);
    if (!rolls.strikes(this.faults.probability)) return undefined;
    const restore = this.partitions.block(bothWays([link.from], [link.to]));
    const forMs = rolls.manner().between(this.faults.minMs, this.faults.maxMs);
    rolls.tells({ forMs });
    this.engine.schedule(forMs, RESTORE, undefined, restore);
    return HOLD;
  }
}
