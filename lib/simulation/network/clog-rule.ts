import type { SimulationEngine } from '../engine/simulation-engine';
import type { Way } from './partition-rule';
import type { NetworkRule, Transfer, TransferStage, Verdict } from './transfer';

/** What of a link is clogged: what its sender writes, or what its receiver reads. */
export type ClogSide = 'writing' | 'reading';

const HOLD: Verdict = { kind: 'hold' };

/** Clogged links: what is on them comes later, whole and in order. Nothing is lost and nobody is told. */
export class ClogRule implements NetworkRule {
  readonly name = 'clog';
  readonly stages: readonly TransferStage[] = ['departure', 'arrival'];
  /** Until when each link is clogged, by its name. */
  private readonly until: Readonly<Record<ClogSide, Map<string, number>>> = { writing: new Map(), reading: new Map() };

  /** @param onUnclogged is told when links are free again before their time: which ones, or all. */
  constructor(
    private readonly engine: SimulationEngine,
    private readonly onUnclogged: (ways?: readonly Way[]) => void,
  ) {}

  /** @param link the name of a link, `from>to`. */
  isClogged(link: string, side: ClogSide): boolean {
    return this.remainingMs(link, side) > 0;
  }

  /** Clogs a link; a longer clog that it has already stays. @param forMs without an end unless given. */
  clog({ from, to }: Way, side: ClogSide, forMs = Number.POSITIVE_INFINITY): void {
    if (from === to) return;
    const name = `${from}>${to}`;
    const until = this.until[side];
    until.set(name, Math.max(until.get(name) ?? 0, this.engine.now + forMs));
  }

  /** Frees the links. Default: all. */
  unclog(ways?: readonly Way[]): void {
    for (const until of [this.until.writing, this.until.reading]) {
      if (ways === undefined) until.clear();
      else for (const { from, to } of ways) until.delete(`${from}>${to}`);
    }
    this.onUnclogged(ways);
  }

  judge({ stage, link }: Transfer): Verdict | undefined {
    const { writing, reading } = this.until;
    if (writing.size === 0 && reading.size === 0) return undefined;
    const remainingMs = this.remainingMs(link.name, stage === 'departure' ? 'writing' : 'reading');
    if (stage === 'departure') {
      // A clog without an end holds at the arrival, where the network knows how to wake what it holds.
      return remainingMs > 0 && Number.isFinite(remainingMs) ? { kind: 'delay', delayMs: remainingMs } : undefined;
    }
    if (remainingMs === Number.POSITIVE_INFINITY || writing.get(link.name) === Number.POSITIVE_INFINITY) return HOLD;
    return remainingMs > 0 ? { kind: 'delay', delayMs: remainingMs } : undefined;
  }

  private remainingMs(name: string, side: ClogSide): number {
    const clogged = this.until[side];
    const until = clogged.size === 0 ? undefined : clogged.get(name);
    return until === undefined ? 0 : Math.max(0, until - this.engine.now);
  }
}
