import { PASS, type Transfer, type TransferRule, type Verdict } from './transfer-rule';

/**
 * Hosts that cannot reach each other. Nobody is told: what is sent waits, as TCP sends again and again, and arrives when
 * the partition heals, unless somebody has given up before.
 */
export class PartitionRule implements TransferRule {
  readonly name = 'partition';
  private readonly blocked = new Set<string>();
  private readonly healListeners: (() => void)[] = [];

  /** True while nothing gets from one host to the other. */
  isBlocked(from: string, to: string): boolean {
    return this.blocked.has(`${from}>${to}`);
  }

  get isActive(): boolean {
    return this.blocked.size > 0;
  }

  /** Nothing gets from the one host to the other any more; the way back is not touched. */
  block(from: string, to: string): void {
    this.blocked.add(`${from}>${to}`);
  }

  /** All blocks end, or those given. */
  heal(pairs?: readonly { readonly from: string; readonly to: string }[]): void {
    if (pairs === undefined) this.blocked.clear();
    else for (const { from, to } of pairs) this.blocked.delete(`${from}>${to}`);
    for (const listener of this.healListeners) listener();
  }

  onHeal(listener: () => void): void {
    this.healListeners.push(listener);
  }

  onArrival(transfer: Transfer): Verdict {
    return this.isBlocked(transfer.from, transfer.to) ? { kind: 'hold' } : PASS;
  }
}
