import { violated, type Verdict } from '../histories/verdict';
import type { ListStep, ListTransaction } from './transaction';

/** An append of a transaction. */
export interface Append {
  /** The number of the transaction. */
  readonly transaction: number;
  /** True when the transaction appended more to the same list afterwards. */
  readonly isIntermediate: boolean;
}

/** A read of a transaction whose result is known, from before its own appends. */
export interface ListRead {
  readonly transaction: number;
  readonly list: readonly (string | number)[];
}

/** What the history tells of one list. */
export interface ListVersions {
  readonly key: string;
  readonly appends: ReadonlyMap<string | number, Append>;
  readonly reads: readonly ListRead[];
  /** The longest list that was read: the order of its appends. */
  readonly longest: readonly (string | number)[];
}

interface Growing extends ListVersions {
  readonly appends: Map<string | number, Append>;
  readonly reads: ListRead[];
}

export const PROPERTY = 'one of serializable append lists';

/** Finds out in which order each list was appended to, or why there is no such order. */
export function versionsOf(transactions: readonly ListTransaction[]): ReadonlyMap<string, ListVersions> | Verdict {
  const lists = new Map<string, Growing>();
  for (const [number, { steps, operation }] of transactions.entries()) {
    for (const [place, step] of steps.entries()) {
      let list = lists.get(step.key);
      if (list === undefined)
        lists.set(step.key, (list = { key: step.key, appends: new Map(), reads: [], longest: [] }));
      if (step.kind === 'append') {
        if (list.appends.has(step.value))
          return violated(
            PROPERTY,
            `the test appends ${step.value} to '${step.key}' twice, so nothing can be concluded`,
            [operation],
          );
        list.appends.set(step.value, {
          transaction: number,
          isIntermediate: steps.slice(place + 1).some((later) => later.kind === 'append' && later.key === step.key),
        });
      } else if (step.list !== undefined && operation.outcome === 'ok') {
        const own = ownAppends(steps.slice(0, place), step.key);
        const before = step.list.slice(0, step.list.length - own.length);
        const seesOwn = own.every((value, index) => step.list?.[before.length + index] === value);
        if (!seesOwn)
          return violated(PROPERTY, `a transaction does not read its own appends to '${step.key}' (internal)`, [
            operation,
          ]);
        list.reads.push({ transaction: number, list: before });
      }
    }
  }
  const complete = new Map<string, ListVersions>();
  for (const list of lists.values()) {
    const longest = list.reads.reduce<readonly (string | number)[]>(
      (best, { list: read }) => (read.length > best.length ? read : best),
      [],
    );
    complete.set(list.key, { ...list, longest });
  }
  return complete;
}

function ownAppends(steps: readonly ListStep[], key: string): readonly (string | number)[] {
  return steps.flatMap((step) => (step.kind === 'append' && step.key === key ? [step.value] : []));
}
