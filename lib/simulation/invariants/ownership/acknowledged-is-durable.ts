import type { TimelineEvent } from '../../timeline/timeline';
import { numberField, stateField, textField, type HistoryInvariant } from '../history/history-invariant';

/** A state that an activation, or an answer to a caller, speaks of as written has been accepted by the store before. */
export class AcknowledgedIsDurable implements HistoryInvariant {
  readonly name = 'acknowledged is durable';
  readonly after = ['store-write-accepted', 'persist-ack', 'call-end'] as const;
  private readonly versions = new Map<string, number>();

  observe(event: TimelineEvent): string | undefined {
    const state = stateField(event);
    switch (event.name) {
      case 'store-write-accepted':
        this.versions.set(state, numberField(event, 'version') + 1);
        return undefined;
      case 'persist-ack':
        return this.refuse(event, 'an activation took');
      case 'call-end':
        return event.fields['outcome'] === 'ok' ? this.refuse(event, 'a caller was answered with') : undefined;
      default:
        return undefined;
    }
  }

  private refuse(event: TimelineEvent, who: string): string | undefined {
    const state = stateField(event);
    // The state of a static actor is kept under the name of its node, which callers do not see.
    if (textField(event, 'actor').split('/').length < 3) return undefined;
    const claimed = numberField(event, 'version');
    const durable = this.versions.get(state) ?? 0;
    return claimed > durable
      ? `${who} version ${claimed} of ${state} although the store has version ${durable}`
      : undefined;
  }
}
