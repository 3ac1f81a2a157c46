import { canonicalText } from './histories/canonical-text';
import { groupByKey, type RecordedOperation } from './histories/history';
import { holds, violated, type Verdict } from './histories/verdict';

const PROPERTY = 'one of sets that only grow';

/**
 * Whether sets kept what was added: operations `add` with an element as argument, each added once, and `read` with all elements
 * as result. What was acknowledged is in every read that began later; what was seen once is seen ever after; and nothing is
 * seen that was never added, or whose adding failed.
 */
export function checkSets(operations: readonly RecordedOperation[]): Verdict {
  for (const [key, ofKey] of groupByKey(operations)) {
    const found = checkSet(key, ofKey);
    if (found !== undefined) return found;
  }
  return holds(PROPERTY, `${operations.length} operations`);
}

function checkSet(key: string, operations: readonly RecordedOperation[]): Verdict | undefined {
  const adds = new Map(
    operations.filter(({ operation }) => operation === 'add').map((add) => [canonicalText(add.argument), add]),
  );
  const reads = operations
    .filter(({ operation, outcome }) => operation === 'read' && outcome === 'ok')
    .sort((a, b) => a.invokedAt - b.invokedAt);
  // From when on an element must be seen, and by whom that is known.
  const due = new Map<string, RecordedOperation>();
  for (const [element, add] of adds) if (add.outcome === 'ok') due.set(element, add);
  for (const read of reads) {
    for (const element of elementsOf(read)) {
      const add = adds.get(element);
      if (add === undefined) return violated(PROPERTY, `'${key}' shows ${element}, which nobody added`, [read]);
      if (add.outcome === 'failed')
        return violated(PROPERTY, `'${key}' shows ${element}, whose adding failed`, [add, read]);
      if (add.invokedAt > read.completedAt)
        return violated(PROPERTY, `'${key}' shows ${element} before anybody asked for it`, [read, add]);
      const known = due.get(element);
      if (known === undefined || known.completedAt > read.completedAt) due.set(element, read);
    }
  }
  const dues = [...due].sort(([, a], [, b]) => a.completedAt - b.completedAt);
  for (const read of reads) {
    const seen = elementsOf(read);
    for (const [element, since] of dues) {
      if (since.completedAt > read.invokedAt) break;
      if (!seen.has(element))
        return violated(
          PROPERTY,
          `'${key}' has lost ${element}, which was ${since.operation === 'add' ? 'acknowledged' : 'seen'} before`,
          [since, read],
        );
    }
  }
  return undefined;
}

function elementsOf({ result }: RecordedOperation): ReadonlySet<string> {
  return new Set([...(result as Iterable<unknown>)].map(canonicalText));
}
