import type { NetworkRule, Transfer, TransferStage, TransferVerdict } from '../transfers/transfer';

/** One direction between two machines, by their names. */
export interface Way {
  readonly from: string;
  readonly to: string;
}

const HOLD: TransferVerdict = { kind: 'hold' };

/**
 * Keeps machines apart: what would travel between them stalls, and nobody is notified. Sent bytes are not lost; they arrive
 * after the repair, as TCP sends them again.
 */
export class PartitionRule implements NetworkRule {
  readonly name = 'partition';
  readonly stages: readonly TransferStage[] = ['arrival'];
  /** How many partitions block a way: two that overlap end one after the other. */
  private readonly blocked = new Map<string, number>();
  private healings = 0;

  /** @param onHealed called when ways are open again. */
  constructor(private readonly onHealed: () => void) {}

  /** How often everything was healed: what was begun before a healing does not go on after it. */
  get era(): number {
    return this.healings;
  }

  get isActive(): boolean {
    return this.blocked.size > 0;
  }

  /** Blocks the ways until the returned function is called, or everything is healed. */
  block(ways: readonly Way[]): () => void {
    const { era } = this;
    const names = ways.filter(({ from, to }) => from !== to).map(({ from, to }) => `${from}>${to}`);
    for (const name of names) this.blocked.set(name, (this.blocked.get(name) ?? 0) + 1);
    let isOver = false;
    return () => {
      if (isOver || era !== this.era) return;
      isOver = true;
      for (const name of names) this.release(name);
      this.onHealed();
    };
  }

  /** Opens all ways again. */
  healAll(): void {
    this.healings++;
    this.blocked.clear();
    this.onHealed();
  }

  judge({ link }: Transfer): TransferVerdict | undefined {
    return this.blocked.size > 0 && this.blocked.has(link.name) ? HOLD : undefined;
  }

  private release(name: string): void {
    const count = this.blocked.get(name) ?? 0;
    if (count > 1) this.blocked.set(name, count - 1);
    else this.blocked.delete(name);
  }
}

/** The ways between two groups of machines, in both directions. */
export function bothWays(some: readonly string[], others: readonly string[]): readonly Way[] {
  return some.flatMap((a) =>
    others.flatMap((b) => [
      { from: a, to: b },
      { from: b, to: a },
    ]),
  );
}
