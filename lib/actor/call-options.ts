import { anyOf, duration, label, signal, type OptionKind } from '../options/option-kind';
import { optionTable } from '../options/option-table';

/** How a call is made; given with `$with`. */
export interface CallOptions {
  /** Milliseconds until the call fails with CALL_TIMEOUT. Default: 30,000, and never beyond the deadline of the calling turn. */
  readonly timeoutMs?: number | undefined;
  /** Ends the wait with CALL_CANCELLED when it aborts. A call that has not been started is then never executed, and a handler that is at work sees it by
   * its own signal. */
  readonly signal?: AbortSignal | undefined;
  /**
   * What is said about the request beside its arguments, by name, in a plain object; handlers down the chain read it from
   * `context.requestContext`. What earlier `$with` and the calling turn said is kept unless it has the same name.
   */
  readonly context?: Readonly<Record<string, unknown>> | undefined;
  /**
   * Calls of one actor with one key are executed once: the first one's answer is the answer to all, for 10 minutes unless the options say otherwise, also of later processes and after failures. The runtime
   * repeats such a call until there is an answer or its time is over. At most 512 bytes. Default: none, and for idempotent handlers a key for each call.
   */
  readonly idempotencyKey?: string | undefined;
}

/** Options of which each is named: made for many calls, they have one shape, which a copy with one more option in it would not have. */
export type EveryCallOption = { readonly [Name in keyof Required<CallOptions>]: CallOptions[Name] };

/** How long a key may be, in bytes of UTF-8. */
const MAX_KEY_BYTES = 512;

export const CALL_OPTIONS = optionTable<CallOptions>({
  timeoutMs: duration(),
  signal: signal(),
  idempotencyKey: label(MAX_KEY_BYTES),
  context: requestValues(),
});

/** What is said about a request: a plain object, for of all others (a map, a date, an instance) only the own fields would travel. */
export function requestValues(): OptionKind<unknown> {
  return anyOf('a plain object of values by name', isPlainObject);
}

/** True for `{ ... }` and what has no prototype, of any realm. Never throws. */
export function isPlainObject(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  try {
    const prototype: unknown = Object.getPrototypeOf(value);
    return prototype === Object.prototype || prototype === null || Object.getPrototypeOf(prototype) === null;
  } catch {
    // A revoked proxy.
    return false;
  }
}
