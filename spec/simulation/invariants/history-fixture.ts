import type { EventFields } from '../../../lib/observability/event-log';
import type { TimelineEvent } from '../../../lib/simulation/timeline/timeline';
import type { HistoryInvariant } from '../../../lib/simulation/invariants/history/history-invariant';

/** An event in short, on node1 and about alice unless it says otherwise. */
export type Line = readonly [name: TimelineEvent['name'], fields: EventFields, node?: string];

const ALICE = 'bank/Account/alice';

/** What the invariant says of the first event that breaks it; undefined when none does. It is told only what it asked for. */
export function verdictOf(invariant: HistoryInvariant, lines: readonly Line[]): string | undefined {
  for (const [index, [name, fields, node = 'node1']] of lines.entries()) {
    if (!invariant.after.includes(name)) continue;
    const event: TimelineEvent = {
      sequence: index + 1,
      at: index,
      node,
      generation: 1,
      name,
      fields: { actor: ALICE, ...fields },
    };
    const wrong = invariant.observe(event);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}
