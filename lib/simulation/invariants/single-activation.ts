import type { TimelineEvent } from '../engine/timeline';
import { textField, type HistoryInvariant } from './history-invariant';

/**
 * At no time do two activations of one actor accept turns: once a newer activation has begun a turn, no older one begins
 * another. (A turn that an older one had begun may still end; the store refuses what it writes.)
 */
export class SingleActivation implements HistoryInvariant {
  readonly name = 'single activation';
  private readonly presentByActor = new Map<string, string>();
  private readonly pastByActor = new Map<string, Set<string>>();

  observe(event: TimelineEvent): string | undefined {
    if (event.name !== 'turn-start') return undefined;
    const actor = textField(event, 'actor');
    const activation = textField(event, 'activation');
    // A static actor has an activation on each node.
    if (actor.split('/').length < 3) return undefined;
    const present = this.presentByActor.get(actor);
    if (present === activation) return undefined;
    const past = this.pastByActor.get(actor) ?? new Set();
    this.pastByActor.set(actor, past);
    if (past.has(activation)) return `the activation ${activation} of ${actor} began a turn after ${present ?? '?'} had taken its place`;
    if (present !== undefined) past.add(present);
    this.presentByActor.set(actor, activation);
    return undefined;
  }
}
