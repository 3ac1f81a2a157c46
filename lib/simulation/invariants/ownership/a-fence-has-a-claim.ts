import type { TimelineEvent } from '../../timeline/timeline';
import { numberField, stateField, textField, type HistoryInvariant } from '../history/history-invariant';

/** Whoever takes its write for refused has been overtaken: somebody has claimed the state since. Its own writes fence nobody. */
export class AFenceHasAClaim implements HistoryInvariant {
  readonly name = 'a fence has a claim';
  readonly after = ['store-claim', 'persist-refused'] as const;
  /** The latest epoch of each state. */
  private readonly epochs = new Map<string, number>();

  observe(event: TimelineEvent): string | undefined {
    const state = stateField(event);
    const epoch = numberField(event, 'epoch');
    const latest = this.epochs.get(state) ?? 0;
    if (event.name === 'store-claim') {
      this.epochs.set(state, Math.max(latest, epoch));
      return undefined;
    }
    if (latest > epoch) return undefined;
    return `the activation ${textField(event, 'activation')} of ${state} took its write with epoch ${epoch} for refused, and nobody has claimed the state since epoch ${latest}`;
  }
}
