import { delayWithin, type LatencyRange } from './latency-shape';
import type { NetworkLink } from '../transfers/network-link';
import type { NetworkRule, Transfer, TransferStage, TransferVerdict } from '../transfers/transfer';

/** Everything takes its time to arrive; each link has rolls of its own. */
export class LatencyRule implements NetworkRule {
  readonly name = 'latency';
  readonly stages: readonly TransferStage[] = ['departure'];
  private readonly ranges = new Map<NetworkLink, LatencyRange>();

  /** @param rangeOf the range of a link; asked once for each. */
  constructor(private readonly rangeOf: (link: NetworkLink) => LatencyRange) {}

  judge({ link }: Transfer): TransferVerdict | undefined {
    const range = this.range(link);
    const usualMs = delayWithin(range, link.rolls('latency'));
    return { kind: 'delay', delayMs: usualMs * this.slowness(range, link) };
  }

  leastDelayMs(link: NetworkLink): number {
    return this.range(link).lowMs;
  }

  private slowness({ shape, slowProbability = 0, slowFactor = 10 }: LatencyRange, link: NetworkLink): number {
    if (shape !== 'two-mode') return 1;
    const rolls = link.rolls('slow-transfer');
    return rolls.chance(slowProbability) ? rolls.between(1, slowFactor) : 1;
  }

  private range(link: NetworkLink): LatencyRange {
    let range = this.ranges.get(link);
    if (range === undefined) this.ranges.set(link, (range = this.rangeOf(link)));
    return range;
  }
}
