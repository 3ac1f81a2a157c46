import { originOf, throughFilters, type CallFilter } from '../actor/call-filter';
import type { Invocation } from '../calls/invocation';
import { valuesOf } from './call-inheritance';

const NO_VALUES = {};

/**
 * Lets the call through the filters of this process, the first outermost.
 * @param last makes it, with what the filters have changed.
 */
export function throughOutgoing(
  filters: readonly CallFilter[],
  invocation: Invocation,
  last: (invocation: Invocation) => Promise<unknown>,
): Promise<unknown> {
  const { target, handler, args, options, scope } = invocation;
  const values = valuesOf(options, scope) ?? NO_VALUES;
  const { method } = handler;
  const call = { actor: target.id, method, origin: originOf(method), args, values };
  return throughFilters(filters, call, (own, context) => {
    const said = context === undefined ? options : { ...options, context: { ...options?.context, ...context } };
    return last({ ...invocation, args: own, options: said });
  });
}
