import type { ActorId } from '../identity/actor-id';

/** A call as a filter sees it. */
export interface FilteredCall {
  readonly actor: ActorId;
  readonly method: string;
  readonly args: readonly unknown[];
  /** What was said about the request by its callers, by name. */
  readonly values: Readonly<Record<string, unknown>>;
}

/**
 * Stands around calls: those that a process makes, or those that its actors serve. It sees the call, lets it go on with
 * `next`, once, and returns what its caller shall get. It may do something before and after, change the result, refuse the
 * call by throwing, or answer in its place. Of several, the first given stands outermost.
 */
export type CallFilter = (call: FilteredCall, next: () => Promise<unknown>) => Promise<unknown>;

/** Lets the call through the filters, in their order. @param last what they stand around. */
export function throughFilters(filters: readonly CallFilter[], call: FilteredCall, last: () => Promise<unknown>): Promise<unknown> {
  const from = (index: number): Promise<unknown> => {
    const filter = filters[index];
    try {
      return filter === undefined ? last() : filter(call, () => from(index + 1));
    } catch (error) {
      // A filter that is no async function refuses its call like any other: whoever waits for a promise gets one.
      return Promise.reject(error);
    }
  };
  return from(0);
}
