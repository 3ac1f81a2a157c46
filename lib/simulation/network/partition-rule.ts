import type { NetworkRule, Transfer, Verdict } from './transfer';

const HOLD: Verdict = { kind: 'hold' };

/**
 * Keeps machines apart: what would travel between them stalls, and nobody is told. Sent bytes are not lost; they arrive
 * after the repair, as TCP sends them again.
 */
export class PartitionRule implements NetworkRule {
  readonly name = 'partition';
  private readonly blocked = new Set<string>();

  get isActive(): boolean {
    return this.blocked.size > 0;
  }

  /** Blocks one direction. */
  block(from: string, to: string): void {
    if (from !== to) this.blocked.add(`${from}>${to}`);
  }

  /** Opens all ways again; what is held sets off once the network is asked to reconsider. */
  heal(): void {
    this.blocked.clear();
  }

  judge({ stage, link }: Transfer): Verdict | undefined {
    return stage === 'arrival' && this.blocked.size > 0 && this.blocked.has(link.name) ? HOLD : undefined;
  }
}
