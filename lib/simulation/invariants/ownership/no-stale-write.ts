import type { TimelineEvent } from '../../timeline/timeline';
import { numberField, stateField, type HistoryInvariant } from '../history/history-invariant';

interface KnownState {
  epoch: number;
  version: number;
}

/**
 * The writes that the store accepts for an actor have the latest claimed epoch and follow each other without a gap: after
 * a newer claim nothing older is accepted, even with a fresh version.
 */
export class NoStaleWrite implements HistoryInvariant {
  readonly name = 'no stale write';
  readonly after = ['store-claim', 'store-write-accepted'] as const;
  private readonly states = new Map<string, KnownState>();

  observe(event: TimelineEvent): string | undefined {
    if (event.name === 'store-claim') return this.onClaim(event);
    return event.name === 'store-write-accepted' ? this.onWrite(event) : undefined;
  }

  private onClaim(event: TimelineEvent): string | undefined {
    const state = stateField(event);
    const epoch = numberField(event, 'epoch');
    const known = this.states.get(state);
    if (known === undefined) {
      this.states.set(state, { epoch, version: numberField(event, 'version') });
      return undefined;
    }
    const before = known.epoch;
    known.epoch = epoch;
    return epoch > before ? undefined : `${state} was claimed with epoch ${epoch} after epoch ${before}`;
  }

  private onWrite(event: TimelineEvent): string | undefined {
    const state = stateField(event);
    const epoch = numberField(event, 'epoch');
    const version = numberField(event, 'version');
    const known = this.states.get(state) ?? { epoch: 0, version: 0 };
    if (epoch !== known.epoch)
      return `a write of ${state} with epoch ${epoch} was accepted although epoch ${known.epoch} was claimed`;
    if (version !== known.version)
      return `a write of ${state} that replaces version ${version} was accepted although the store had ${known.version}`;
    known.version = version + 1;
    return undefined;
  }
}
