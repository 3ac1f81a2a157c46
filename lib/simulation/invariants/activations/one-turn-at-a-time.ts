import type { TimelineEvent } from '../../timeline/timeline';
import { textField, type HistoryInvariant } from '../history/history-invariant';

/** Which turns may begin while one of this mode is under way. */
const BESIDE: Readonly<Record<string, readonly string[]>> = {
  alone: ['interleaved'],
  'read-only': ['read-only', 'interleaved'],
  interleaved: ['alone', 'read-only', 'interleaved'],
};

/**
 * Turns of one activation overlap only as they are declared to, across awaits too: a turn lasts until the promise of its
 * handler has settled.
 */
export class OneTurnAtATime implements HistoryInvariant {
  readonly name = 'one turn at a time';
  readonly after = ['turn-start', 'turn-end'] as const;
  /** The modes of the turns under way, by activation and number. */
  private readonly openTurns = new Map<string, Map<string, string>>();

  observe(event: TimelineEvent): string | undefined {
    if (event.name !== 'turn-start' && event.name !== 'turn-end') return undefined;
    const activation = textField(event, 'activation');
    const turn = textField(event, 'turn');
    const open = this.openTurns.get(activation);
    if (event.name === 'turn-end') {
      open?.delete(turn);
      if (open?.size === 0) this.openTurns.delete(activation);
      return undefined;
    }
    const mode = modeOf(event);
    if (open === undefined) {
      this.openTurns.set(activation, new Map([[turn, mode]]));
      return undefined;
    }
    const disturbed = [...open].find(([, other]) => BESIDE[other]?.includes(mode) !== true);
    open.set(turn, mode);
    if (disturbed === undefined) return undefined;
    return `turn ${turn} of the activation ${activation} of ${textField(event, 'actor')} began while turn ${disturbed[0]} had not ended`;
  }
}

function modeOf({ fields }: TimelineEvent): string {
  return typeof fields['mode'] === 'string' ? fields['mode'] : 'alone';
}
