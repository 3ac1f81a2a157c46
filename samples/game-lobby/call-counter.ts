import type { CallFilter } from 'moonpool';

/** On whose behalf the clocks of games call. */
const NOBODY = 'nobody';

/** Counts the calls that a process serves by the player on whose behalf they are made, however deep in the chain. */
export class CallCounter {
  private readonly counts = new Map<string, Map<string, number>>();

  readonly filter: CallFilter = (call, next) => {
    const player = String(call.values['player'] ?? NOBODY);
    const calls = this.counts.get(player) ?? new Map<string, number>();
    this.counts.set(player, calls);
    const name = `${call.actor.type}.${call.method}`;
    calls.set(name, (calls.get(name) ?? 0) + 1);
    return next();
  };

  /** The player on whose behalf most calls were served, and how many of which. */
  busiest(): string {
    const sum = (calls: ReadonlyMap<string, number>): number =>
      [...calls.values()].reduce((total, count) => total + count, 0);
    const players = [...this.counts].filter(([player]) => player !== NOBODY).sort(([, a], [, b]) => sum(b) - sum(a));
    const [player, calls] = players[0] ?? [NOBODY, new Map<string, number>()];
    const sorted = [...calls].sort(([a], [b]) => (a < b ? -1 : 1));
    return `${player}: ${sorted.map(([name, count]) => `${count} ${name}`).join(', ')}`;
  }
}
