import { anyOf, choice, signal } from '../options/option-kind';
import { optionTable } from '../options/option-table';

/** How a request is delivered. */
export interface RequestOptions {
  /**
   * `at-most-once`, the default: it is sent once, and when its connection is lost the future fails with CONNECTION_LOST,
   * `executed: 'maybe'`. `at-least-once`: it is sent again on each new connection until it is answered, so its handler may
   * run several times; for requests that do no harm when they are repeated.
   */
  readonly delivery?: 'at-most-once' | 'at-least-once';
  /** Milliseconds until the future fails with CALL_TIMEOUT. Default: 30,000. */
  readonly timeoutMs?: number;
  /**
   * With `at-least-once`: give up with NODE_UNREACHABLE when the address could not be reached for so many milliseconds.
   * Default: only the timeout counts.
   */
  readonly unlessFailedForMs?: number;
  /** Ends the wait with CALL_CANCELLED when it aborts. */
  readonly signal?: AbortSignal;
}

export const DEFAULT_REQUEST_TIMEOUT_MS = 30_000;

const duration = anyOf('a number of milliseconds above 0', (value) => typeof value === 'number' && value > 0);

export const REQUEST_OPTIONS = optionTable<RequestOptions>({
  delivery: choice('at-most-once', 'at-least-once'),
  timeoutMs: duration,
  unlessFailedForMs: duration,
  signal: signal(),
});
