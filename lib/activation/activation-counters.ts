import type { DeactivationReason } from '../actor/deactivation-reason';

/** What a node's activations have done since it started. */
export class ActivationCounters {
  activated = 0;
  turns = 0;
  /** Calls that found a mailbox full, or gave way to newer ones. */
  overflowed = 0;
  private readonly ended = new Map<string, number>();

  /** An activation has ended, or has not become active. */
  noteEnd({ code }: Pick<DeactivationReason, 'code'>): void {
    this.ended.set(code, (this.ended.get(code) ?? 0) + 1);
  }

  describe(): ActivationTotals {
    const { activated, turns, overflowed, ended } = this;
    return { activated, turns, overflowed, ended: Object.fromEntries(ended) };
  }
}

/** A type and no interface, so that it is plain state to the compiler. */
export type ActivationTotals = {
  readonly activated: number;
  readonly turns: number;
  readonly overflowed: number;
  /** By the codes of their reasons. */
  readonly ended: Readonly<Record<string, number>>;
};
