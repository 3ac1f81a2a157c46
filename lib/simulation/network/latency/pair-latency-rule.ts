import type { NetworkLink } from '../transfers/network-link';
import type { NetworkRule, Transfer, TransferStage, TransferVerdict } from '../transfers/transfer';

/** A distance between two hosts that is fixed when they first meet, for each direction apart. */
export class PairLatencyRule implements NetworkRule {
  readonly name = 'pair-latency';
  readonly stages: readonly TransferStage[] = ['departure'];
  private readonly verdicts = new Map<NetworkLink, TransferVerdict & { readonly kind: 'delay' }>();

  constructor(
    private readonly minMs: number,
    private readonly maxMs: number,
  ) {}

  judge({ link }: Transfer): TransferVerdict | undefined {
    return link.isLoopback ? undefined : this.verdict(link);
  }

  leastDelayMs(link: NetworkLink): number {
    return link.isLoopback ? 0 : this.verdict(link).delayMs;
  }

  private verdict(link: NetworkLink): TransferVerdict & { readonly kind: 'delay' } {
    let verdict = this.verdicts.get(link);
    if (verdict === undefined)
      this.verdicts.set(
        link,
        (verdict = { kind: 'delay', delayMs: link.rolls(this.name).between(this.minMs, this.maxMs) }),
      );
    return verdict;
  }
}
