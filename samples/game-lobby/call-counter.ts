import type { CallFilter } from 'moonpool';

/** Counts the calls that a process serves by the player on whose behalf they are made, however deep in the chain. */
export class CallCounter {
  private readonly counts = new Map<string, Map<string, number>>();

  readonly filter: CallFilter = (call, next) => {
    const player = String(call.values['player'] ?? 'nobody');
    const calls = this.counts.get(player) ?? new Map<string, number>();
    this.counts.set(player, calls);
    const name = `${call.actor.type}.${call.method}`;
    calls.set(name, (calls.get(name) ?? 0) + 1);
    return next();
  };

  /** For instance `2 Player.seek, 5 Game.move`. */
  of(player: string): string {
    const calls = [...(this.counts.get(player) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
    return calls.map(([name, count]) => `${count} ${name}`).join(', ');
  }
}
