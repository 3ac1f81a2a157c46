import type { DeactivationReason } from '../actor/deactivation-reason';

/** How activations of a node have begun and ended since it started. */
export class ActivationCounters {
  activated = 0;
  private readonly ended = new Map<string, number>();

  /** An activation has ended, or has not become active. */
  noteEnd({ code }: Pick<DeactivationReason, 'code'>): void {
    this.ended.set(code, (this.ended.get(code) ?? 0) + 1);
  }

  describe(): ActivationTotals {
    const { activated, ended } = this;
    return { activated, ended: Object.fromEntries(ended) };
  }
}

/** A type and no interface, so that it is plain state to the compiler. */
export type ActivationTotals = {
  readonly activated: number;
  /** By the codes of their reasons. */
  readonly ended: Readonly<Record<string, number>>;
};
