import type { RecordedOperation } from '../histories/history';

/** One step of a transaction on one list. */
export type ListStep =
  | { readonly kind: 'append'; readonly key: string; readonly value: string | number }
  /** `list` is what was read; undefined when that is not known. */
  | { readonly kind: 'read'; readonly key: string; readonly list: readonly (string | number)[] | undefined };

/** A transaction on lists: it takes effect as a whole or not at all. No value is appended to one list twice. */
export interface ListTransaction {
  readonly steps: readonly ListStep[];
  /** The operation that it was recorded as: client, outcome and times. */
  readonly operation: RecordedOperation;
}

/**
 * The transactions of a history. An operation `append` of an argument and a `read` are transactions of one step on the
 * operation's key; an operation `transact` has a list of steps as argument, and as result the same list with what was read.
 */
export function transactionsOf(operations: readonly RecordedOperation[]): readonly ListTransaction[] {
  return operations.map((operation) => ({ operation, steps: stepsOf(operation) }));
}

function stepsOf({ operation, key, argument, result, outcome }: RecordedOperation): readonly ListStep[] {
  if (operation === 'append') return [{ kind: 'append', key, value: argument as string | number }];
  if (operation === 'read')
    return [{ kind: 'read', key, list: outcome === 'ok' ? (result as readonly (string | number)[]) : undefined }];
  if (operation === 'transact') return (outcome === 'ok' ? result : argument) as readonly ListStep[];
  return [];
}
