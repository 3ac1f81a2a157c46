import type { Activation } from './activation';
import type { ACTIVATION_METRICS, TURN_METRICS } from '../observability/metric-catalogue';
import type { Bound, Totals } from '../observability/metrics';

/** How many of the longest mailboxes are described. */
const SHOWN_MAILBOXES = 10;

/** What a catalog says of itself. A type and no interface, so that it is plain state to the compiler. */
export type CatalogState = {
  readonly count: number;
  readonly byType: Readonly<Record<string, number>>;
  /** Calls in all mailboxes. */
  readonly waiting: number;
  readonly longest: readonly { readonly actor: string; readonly waiting: number }[];
  /** Activations that wait for the next quantum. */
  readonly runQueue: number;
  /** Calls that were refused because too many waited, or they would have waited too long. */
  readonly refused: number;
  /** Turns under way, and for how long the oldest, in milliseconds. */
  readonly turns: { readonly count: number; readonly longestMs: number };
  /** Since the node started. */
  readonly totals: Totals<Bound<typeof ACTIVATION_METRICS>> & Totals<Bound<typeof TURN_METRICS>>;
  /** Calls that were refused because they waited for themselves in a circle of turns. */
  readonly deadlocks: number;
};

/** How many activations there are of each class, how many calls wait, and whose mailboxes are the longest. */
export function describeActivations(
  activations: Iterable<Activation>,
): Pick<CatalogState, 'count' | 'byType' | 'waiting' | 'longest'> {
  const byType: Record<string, number> = {};
  let count = 0;
  let waiting = 0;
  const queues: { readonly actor: string; readonly waiting: number }[] = [];
  for (const { target, loop } of activations) {
    const { waiting: length } = loop;
    count++;
    byType[target.type] = (byType[target.type] ?? 0) + 1;
    waiting += length;
    if (length > 0) queues.push({ actor: target.path, waiting: length });
  }
  const longest = queues.sort((a, b) => b.waiting - a.waiting).slice(0, SHOWN_MAILBOXES);
  return { count, byType, waiting, longest };
}
