import type { SimulationEngine } from '../../engine/simulation-engine';
import type { LosingSide, NetworkRule, Transfer, TransferStage, TransferVerdict } from '../transfers/transfer';

/** Connections that close by themselves. Times are in milliseconds, the probability 0 to 1. */
export interface CloseFaults {
  /** For each write, and for each read. */
  readonly probability: number;
  /** How long no other closes after that. */
  readonly cooldownMs: number;
}

const SIDES: readonly LosingSide[] = ['sender', 'receiver', 'both'];

/** Closes a connection now and then, in the middle of what it carries, for one side or for both; then leaves all alone for a while. */
export class RandomCloseRule implements NetworkRule {
  readonly name = 'random-close';
  readonly stages: readonly TransferStage[] = ['departure', 'arrival'];
  private quietUntil = 0;

  constructor(
    private readonly engine: SimulationEngine,
    private readonly faults: CloseFaults,
  ) {}

  judge({ link, kind }: Transfer): TransferVerdict | undefined {
    if (kind !== 'data' || link.isStable || this.engine.now < this.quietUntil) return undefined;
    const rolls = link.rolls(this.name);
    if (!rolls.strikes(this.faults.probability)) return undefined;
    this.quietUntil = this.engine.now + this.faults.cooldownMs;
    const manner = rolls.manner();
    const side = manner.pick(SIDES);
    const how = manner.chance(0.5) ? 'fin' : 'rst';
    rolls.tells({ side, how });
    return { kind: 'close', side, how };
  }
}
