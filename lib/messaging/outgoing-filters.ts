import { throughFilters, type CallFilter } from '../actor/call-filter';
import type { CallOptions } from '../actor/call-options';
import type { CallTarget } from '../calls/call';
import type { CallScope } from '../calls/request';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import { valuesOf } from './call-inheritance';

/** A call that is to be made. */
export interface IntendedCall {
  readonly target: CallTarget;
  readonly handler: HandlerDescriptor;
  readonly args: readonly unknown[];
  readonly options: CallOptions | undefined;
  readonly scope: CallScope | undefined;
}

const NO_VALUES = {};

/**
 * Lets the call through the filters of this process, the first outermost.
 * @param last makes it, with what the filters have changed.
 */
export function throughOutgoing(
  filters: readonly CallFilter[],
  { target, handler, args, options, scope }: IntendedCall,
  last: (args: readonly unknown[], options: CallOptions | undefined) => Promise<unknown>,
): Promise<unknown> {
  const values = valuesOf(options, scope) ?? NO_VALUES;
  return throughFilters(filters, { actor: target.id, method: handler.method, args, values }, (own, context) =>
    last(own, context === undefined ? options : { ...options, context: { ...options?.context, ...context } }),
  );
}
