import { anyOf, duration, label, signal } from '../options/option-kind';
import { optionTable } from '../options/option-table';

/** How a call is made; given with `$with`. */
export interface CallOptions {
  /** Milliseconds until the call fails with CALL_TIMEOUT. Default: 30,000, and never beyond the deadline of the calling turn. */
  readonly timeoutMs?: number;
  /** Ends the wait with CALL_CANCELLED when it aborts. A call that has not been started is then never executed, and a handler that is at work sees it by
   * its own signal. */
  readonly signal?: AbortSignal;
  /**
   * What is said about the request beside its arguments, by name; handlers down the chain read it from
   * `context.requestContext`. What earlier `$with` and the calling turn said is kept unless it has the same name.
   */
  readonly context?: Readonly<Record<string, unknown>>;
  /**
   * Calls of one actor with one key are executed once: the first one's answer is the answer to all, for 10 minutes unless the options say otherwise, also of later processes and after failures. The runtime
   * repeats such a call until there is an answer or its time is over. At most 512 bytes. Default: none, and for idempotent handlers a key for each call.
   */
  readonly idempotencyKey?: string;
}

/** How long a key may be, in bytes of UTF-8. */
const MAX_KEY_BYTES = 512;

export const CALL_OPTIONS = optionTable<CallOptions>({
  timeoutMs: duration(),
  signal: signal(),
  idempotencyKey: label(MAX_KEY_BYTES),
  context: anyOf(
    'an object of values by name',
    (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  ),
});
