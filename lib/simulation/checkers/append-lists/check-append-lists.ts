import { choice } from '../../../options/option-kind';
import { optionTable } from '../../../options/option-table';
import type { RecordedOperation } from '../histories/history';
import { holds, violated, type Verdict } from '../histories/verdict';
import { DependencyGraph, type Dependency, type DependencyKind } from './dependency-graph';
import { PROPERTY, versionsOf, type ListVersions } from './list-versions';
import { addRealTime } from './real-time-order';
import { transactionsOf, type ListTransaction } from './transaction';

/** What is asked of append lists besides that their transactions have an order. */
export interface AppendListOptions {
  /**
   * `strict`, the default: the order must agree with real time too: what ended before another transaction began comes before it.
   * `serializable`: any order will do.
   */
  readonly order?: 'strict' | 'serializable';
}

export const APPEND_LIST_OPTIONS = optionTable<AppendListOptions>({ order: choice('strict', 'serializable') });

/** The anomalies that are cycles, worst first: of which dependencies they are made, and which one stands in them. */
const CYCLES: readonly {
  readonly name: string;
  readonly means: string;
  readonly kinds: readonly DependencyKind[];
  readonly first: DependencyKind;
}[] = [
  { name: 'G0', means: 'appends lie across each other', kinds: ['ww'], first: 'ww' },
  { name: 'G1c', means: 'transactions read from each other in a circle', kinds: ['ww', 'wr'], first: 'wr' },
  { name: 'G-single', means: 'one transaction did not see what must come before it', kinds: ['ww', 'wr'], first: 'rw' },
  { name: 'G2', means: 'transactions did not see each other', kinds: ['ww', 'wr', 'rw'], first: 'rw' },
];

/**
 * Whether transactions that append to lists and read them have an order that explains everything that was read. What was read shows
 * the order of the appends; dependencies between transactions follow from it; a cycle of them is an anomaly. After K. Kingsbury
 * and P. Alvaro, "Elle: Inferring Isolation Anomalies from Experimental Observations" (2020); the names of anomalies are A.
 * Adya's (1999). See {@link transactionsOf} for which operations are understood.
 */
export function checkAppendLists(operations: readonly RecordedOperation[], options: AppendListOptions = {}): Verdict {
  APPEND_LIST_OPTIONS.check('checkAppendLists', options);
  const { order = 'strict' } = options;
  const transactions = transactionsOf(operations);
  const versions = versionsOf(transactions);
  if ('kind' in versions) return versions;
  for (const list of versions.values()) {
    const wrong = findDirectAnomaly(list, transactions);
    if (wrong !== undefined) return wrong;
  }
  const graph = new DependencyGraph(transactions.length);
  for (const list of versions.values()) addDependencies(graph, list, transactions);
  return (
    findCycle(graph, transactions, []) ??
    (order === 'strict' ? findCycle(addRealTime(graph, transactions), transactions, ['rt']) : undefined) ??
    holds(PROPERTY, `${transactions.length} transactions on ${versions.size} lists`)
  );
}

/** What is wrong already with what one transaction read, without looking for cycles. */
function findDirectAnomaly(
  { key, appends, reads, longest }: ListVersions,
  transactions: readonly ListTransaction[],
): Verdict | undefined {
  const operation = (number: number) => (transactions[number] as ListTransaction).operation;
  const longestRead = reads.find(({ list }) => list === longest);
  for (const { transaction, list } of reads) {
    const reader = operation(transaction);
    if (new Set(list).size < list.length)
      return violated(PROPERTY, `'${key}' was read with a value in it twice (duplicate)`, [reader]);
    const stray = list.findIndex((value, index) => value !== longest[index]);
    if (stray !== -1 && longestRead !== undefined) {
      const reason = `two reads of '${key}' differ at place ${stray}: ${list[stray]} and ${longest[stray]} (incompatible order)`;
      return violated(PROPERTY, reason, [reader, operation(longestRead.transaction)]);
    }
    for (const value of list) {
      const append = appends.get(value);
      if (append === undefined)
        return violated(PROPERTY, `'${key}' was read with ${value}, which nobody appended`, [reader]);
      if (operation(append.transaction).outcome === 'failed') {
        return violated(PROPERTY, `'${key}' was read with ${value}, whose transaction failed (G1a, aborted read)`, [
          operation(append.transaction),
          reader,
        ]);
      }
    }
    const last = list.at(-1);
    const append = last === undefined ? undefined : appends.get(last);
    if (append?.isIntermediate === true && append.transaction !== transaction) {
      return violated(
        PROPERTY,
        `'${key}' was read in the middle of a transaction that appends to it more than once (G1b, intermediate read)`,
        [operation(append.transaction), reader],
      );
    }
  }
  return undefined;
}

function addDependencies(
  graph: DependencyGraph,
  { key, appends, reads, longest }: ListVersions,
  transactions: readonly ListTransaction[],
): void {
  const writerAt = (place: number) => appends.get(longest[place] as string | number)?.transaction;
  for (let place = 1; place < longest.length; place++) {
    const [from, to] = [writerAt(place - 1), writerAt(place)];
    if (from !== undefined && to !== undefined)
      graph.add({ from, to, kind: 'ww', why: `appended ${longest[place - 1]} to '${key}' before ${longest[place]}` });
  }
  // Appends that nobody saw lie behind everything that was read.
  const seen = new Set(longest);
  const unseen = [...appends].filter(
    ([value, { transaction }]) => !seen.has(value) && transactions[transaction]?.operation.outcome === 'ok',
  );
  for (const { transaction, list } of reads) {
    const writer = list.length === 0 ? undefined : writerAt(list.length - 1);
    if (writer !== undefined)
      graph.add({
        from: writer,
        to: transaction,
        kind: 'wr',
        why: `appended ${list.at(-1)} to '${key}', which the next read`,
      });
    const next = list.length < longest.length ? writerAt(list.length) : undefined;
    if (next !== undefined)
      graph.add({
        from: transaction,
        to: next,
        kind: 'rw',
        why: `read '${key}' without ${longest[list.length]}, which the next appended`,
      });
    if (list.length < longest.length) continue;
    for (const [value, append] of unseen)
      graph.add({
        from: transaction,
        to: append.transaction,
        kind: 'rw',
        why: `read '${key}' without ${value}, which the next appended`,
      });
  }
  const lastWriter = longest.length === 0 ? undefined : writerAt(longest.length - 1);
  if (lastWriter === undefined) return;
  for (const [value, append] of unseen)
    graph.add({
      from: lastWriter,
      to: append.transaction,
      kind: 'ww',
      why: `appended ${longest.at(-1)} to '${key}' before ${value}`,
    });
}

/** The shortest cycle of the worst kind. @param besides kinds of dependencies that every cycle may use too. */
function findCycle(
  graph: DependencyGraph,
  transactions: readonly ListTransaction[],
  besides: readonly DependencyKind[],
): Verdict | undefined {
  const component = graph.components(new Set<DependencyKind>(['ww', 'wr', 'rw', ...besides]));
  const within = graph.dependencies.filter(({ from, to }) => component[from] === component[to]);
  if (within.length === 0) return undefined;
  for (const { name, means, kinds, first } of CYCLES) {
    const allowed = new Set([...kinds, ...besides]);
    let shortest: readonly Dependency[] | undefined;
    for (const dependency of within.filter(({ kind }) => kind === first)) {
      const back = graph.shortestPath(dependency.to, dependency.from, allowed);
      if (back !== undefined && back.length + 1 < (shortest?.length ?? Number.POSITIVE_INFINITY))
        shortest = [dependency, ...back];
    }
    if (shortest !== undefined)
      return describeCycle(`${name}${besides.length > 0 ? '-realtime' : ''}`, means, shortest, transactions);
  }
  return undefined;
}

function describeCycle(
  name: string,
  means: string,
  cycle: readonly Dependency[],
  transactions: readonly ListTransaction[],
): Verdict {
  const operations = cycle.map(({ from }) => (transactions[from] as ListTransaction).operation);
  const steps = cycle.map(
    ({ from, why, kind }) => `#${(transactions[from] as ListTransaction).operation.index} ${why} (${kind})`,
  );
  return violated(PROPERTY, `${means} (${name}): ${steps.join('; ')}; and so round again`, operations);
}
