import type { TimelineEvent } from '../engine/timeline';
import { numberField, textField, type HistoryInvariant } from './history-invariant';

/** No turn begins after the deadline of its call, and a call made from a turn has no later deadline than the turn, each by the clock of its node. */
export class Deadlines implements HistoryInvariant {
  readonly name = 'deadlines';
  readonly after = ['turn-start', 'call'];

  observe(event: TimelineEvent): string | undefined {
    const { fields } = event;
    if (fields['remainingMs'] === undefined) return undefined;
    const remaining = numberField(event, 'remainingMs');
    const what = `the call ${textField(event, 'call')} of ${textField(event, 'actor')}`;
    if (event.name === 'turn-start') return remaining > 0 ? undefined : `a turn began for ${what}, ${-remaining} ms after its deadline`;
    if (fields['parentRemainingMs'] === undefined) return undefined;
    const parent = numberField(event, 'parentRemainingMs');
    return remaining <= parent ? undefined : `${what} may take ${remaining} ms, and the turn that waits for it ends in ${parent} ms`;
  }
}
