import type { TimelineEvent } from '../../timeline/timeline';
import { numberField, textField, type HistoryInvariant } from '../history/history-invariant';

/** How many answers of an actor are looked at: fewer than any node remembers, so that none is missed for being forgotten. */
const MOST_KEYS = 150;
/** For so long answers are surely remembered, in milliseconds, whatever the clocks of the machines say. */
const WINDOW_MS = 500_000;

interface SeenAnswer {
  readonly content: number;
  readonly at: number;
}

/** A call that was executed under an idempotency key is not executed again: its answer is written once, and stays what it was (G11). */
export class OneEffectForEachKey implements HistoryInvariant {
  readonly name = 'one effect for each key';
  readonly after = ['store-answer', 'store-answers-gone'] as const;
  private readonly answers = new Map<string, Map<string, SeenAnswer>>();

  observe(event: TimelineEvent): string | undefined {
    const actor = textField(event, 'actor');
    if (event.name === 'store-answers-gone') {
      this.answers.delete(actor);
      return undefined;
    }
    const key = textField(event, 'key');
    const content = numberField(event, 'content');
    const seen = this.answers.get(actor) ?? new Map<string, SeenAnswer>();
    this.answers.set(actor, seen);
    const before = seen.get(key);
    seen.delete(key);
    seen.set(key, { content, at: event.at });
    for (const oldest of seen.keys()) {
      if (seen.size <= MOST_KEYS) break;
      seen.delete(oldest);
    }
    if (before === undefined || event.at - before.at > WINDOW_MS) return undefined;
    return `${actor} has executed the call of the key '${key}' a second time`;
  }
}
