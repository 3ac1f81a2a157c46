import type { TimelineEvent } from '../../timeline/timeline';
import { numberField, stateField, textField, type HistoryInvariant } from '../history/history-invariant';

/**
 * Whoever takes its write for refused has been overtaken: somebody has claimed the state since. Its own writes fence nobody. And it ends: what it holds in memory
 * is not what is stored, so no turn of it begins any more.
 */
export class AFenceHasAClaim implements HistoryInvariant {
  readonly name = 'a fence has a claim';
  readonly after = ['store-claim', 'persist-refused', 'turn-start'] as const;
  /** The latest epoch of each state. */
  private readonly epochs = new Map<string, number>();
  /** The activations that have taken a write for refused. */
  private readonly refused = new Set<string>();

  observe(event: TimelineEvent): string | undefined {
    if (event.name === 'turn-start') return this.onTurn(event);
    const state = stateField(event);
    const epoch = numberField(event, 'epoch');
    const latest = this.epochs.get(state) ?? 0;
    if (event.name === 'store-claim') {
      this.epochs.set(state, Math.max(latest, epoch));
      return undefined;
    }
    this.refused.add(textField(event, 'activation'));
    if (latest > epoch) return undefined;
    return `the activation ${textField(event, 'activation')} of ${state} took its write with epoch ${epoch} for refused, and nobody has claimed the state since epoch ${latest}`;
  }

  private onTurn(event: TimelineEvent): string | undefined {
    if (this.refused.size === 0 || !this.refused.has(textField(event, 'activation'))) return undefined;
    // A turn that is under way may wait for one that interleaves.
    if (event.fields['mode'] === 'interleaved') return undefined;
    return `a turn of the activation ${textField(event, 'activation')} of ${textField(event, 'actor')} began after its write was refused`;
  }
}
