import type { NetworkConditions } from '../transfers/network-conditions';
import type { ClogSide, NetworkLink } from '../transfers/network-link';
import type { Way } from '../partitions/partition-rule';
import type { NetworkRule, Transfer, TransferStage, TransferVerdict } from '../transfers/transfer';

const HOLD: TransferVerdict = { kind: 'hold' };

/** Clogged links: what is on them comes later, whole and in order. Nothing is lost and nobody is notified. */
export class ClogRule implements NetworkRule {
  readonly name = 'clog';
  readonly stages: readonly TransferStage[] = ['departure', 'arrival'];
  /** All links that were ever clogged and not freed by hand. */
  private readonly clogged = new Set<NetworkLink>();

  /** @param onUnclogged called when links are free again before their time: which ones, or all. */
  constructor(
    private readonly conditions: NetworkConditions,
    private readonly onUnclogged: (ways?: readonly Way[]) => void,
  ) {}

  isClogged(link: NetworkLink, side: ClogSide): boolean {
    return link.cloggedUntil[side] > this.conditions.engine.now;
  }

  /** Clogs a link; a longer clog that it has already stays. @param forMs without an end unless given. */
  clog({ from, to }: Way, side: ClogSide, forMs = Number.POSITIVE_INFINITY): void {
    if (from === to) return;
    const link = this.conditions.link(from, to);
    link.cloggedUntil[side] = Math.max(link.cloggedUntil[side], this.conditions.engine.now + forMs);
    this.clogged.add(link);
  }

  /** Frees the links. Default: all. */
  unclog(ways?: readonly Way[]): void {
    for (const link of ways?.map(({ from, to }) => this.conditions.link(from, to)) ?? this.clogged) {
      link.cloggedUntil.writing = 0;
      link.cloggedUntil.reading = 0;
      this.clogged.delete(link);
    }
    this.onUnclogged(ways);
  }

  judge({ stage, link }: Transfer): TransferVerdict | undefined {
    const { writing, reading } = link.cloggedUntil;
    const { now } = this.conditions.engine;
    if (stage === 'departure') {
      // A clog without an end holds at the arrival, where the network knows how to wake what it holds.
      return writing > now && Number.isFinite(writing) ? { kind: 'delay', delayMs: writing - now } : undefined;
    }
    if (reading === Number.POSITIVE_INFINITY || writing === Number.POSITIVE_INFINITY) return HOLD;
    return reading > now ? { kind: 'delay', delayMs: reading - now } : undefined;
  }
}
