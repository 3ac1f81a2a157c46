import { cut } from '../errors/outside-text';
import { isMoonpoolError, MoonpoolError, type Executed } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { isError, messageOf, nameOf, stackOf } from '../errors/thrown-value';
import { describeError, restoreError, type ErrorRecord } from './error-codec';

/** How long a message is, in letters, once an error has turned out not to fit. */
const SHORT_MESSAGE = 1_000;
const SHORTEST_MESSAGE = 200;

/** An error that was told in the fewest words: it needs no serializer, and fits into every packet. */
export interface PlainFailure {
  readonly code: string;
  readonly executed: Executed;
  readonly message: string;
}

/** What carries an error to whoever waits for it; each form is tried when the one before it could not be sent. */
export interface ErrorRoute {
  /** @throws anything when the record cannot be sent. */
  record(record: ErrorRecord): void;
  /** What always fits. */
  plain(failure: PlainFailure): void;
  /** True when nothing at all can be sent, which no shorter form would change. */
  isBlocked(error: unknown): boolean;
}

/**
 * Tells the error as whole as it can be sent: with its fields and causes, else without them and with a shorter message, else as a
 * failure with a code. An error that is too large, too deep or has a forbidden field so concerns nobody but who waits for it.
 * @param whose what failed, as the beginning of a sentence.
 * @throws what the route is blocked by.
 */
export function tellError(thrown: unknown, whose: string, route: ErrorRoute): void {
  let why: unknown;
  for (const describe of [describeError, describeBriefly]) {
    try {
      route.record(describe(thrown));
      return;
    } catch (error) {
      if (route.isBlocked(error)) throw error;
      why ??= error;
    }
  }
  route.plain(plainFailure(thrown, whose, why));
}

/** The error as the caller's own, where it need not travel: it shares nothing with the one that was thrown. */
export function ownError(thrown: unknown, whose: string): Error {
  let own: Error | undefined;
  tellError(thrown, whose, {
    record: (record) => (own = restoreError(record)),
    plain: (failure) => (own = restoreError(failure)),
    isBlocked: () => false,
  });
  // The assignment above is out of the compiler's sight.
  const error = own as Error | undefined;
  if (error === undefined) return new MoonpoolError('HANDLER_FAILED', { message: whose, executed: 'yes' });
  if (isError(thrown)) error.stack = stackOf(thrown);
  return error;
}

/** Without its fields and causes. */
export function describeBriefly(thrown: unknown): ErrorRecord {
  const name = nameOf(thrown);
  if (!isMoonpoolError(thrown)) return { name, message: cut(messageOf(thrown), SHORT_MESSAGE) };
  const { code, executed, remedy } = thrown;
  return {
    name,
    message: cut(messageOf(thrown), 2 * SHORT_MESSAGE),
    code,
    executed,
    remedy: cut(remedy, SHORT_MESSAGE),
    detail: cut(reasonOf(thrown), SHORT_MESSAGE),
  };
}

function plainFailure(thrown: unknown, whose: string, why: unknown): PlainFailure {
  if (isMoonpoolError(thrown))
    return { code: thrown.code, executed: thrown.executed, message: cut(messageOf(thrown), SHORTEST_MESSAGE) };
  const message = `${cut(whose, SHORTEST_MESSAGE)} failed with an error that cannot be sent (${cut(reasonOf(why), SHORTEST_MESSAGE)}): ${cut(messageOf(thrown), SHORTEST_MESSAGE)}`;
  return {
    code: 'HANDLER_FAILED',
    executed: 'yes',
    message: new MoonpoolError('HANDLER_FAILED', { message, executed: 'yes' }).message,
  };
}
