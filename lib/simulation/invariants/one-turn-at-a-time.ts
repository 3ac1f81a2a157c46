import type { TimelineEvent } from '../engine/timeline';
import { textField, type HistoryInvariant } from './history-invariant';

/** Turns of one activation never overlap, across awaits too: a turn lasts until the promise of its handler has settled. */
export class OneTurnAtATime implements HistoryInvariant {
  readonly name = 'one turn at a time';
  readonly after = ['turn-start', 'turn-end'];
  private readonly openTurns = new Map<string, string>();

  observe(event: TimelineEvent): string | undefined {
    if (event.name !== 'turn-start' && event.name !== 'turn-end') return undefined;
    const activation = textField(event, 'activation');
    const turn = textField(event, 'turn');
    const open = this.openTurns.get(activation);
    if (event.name === 'turn-end') {
      if (open === turn) this.openTurns.delete(activation);
      return undefined;
    }
    this.openTurns.set(activation, turn);
    if (open === undefined) return undefined;
    return `turn ${turn} of the activation ${activation} of ${textField(event, 'actor')} began while turn ${open} had not ended`;
  }
}
