import type { ErrorCode } from '../errors/catalogue';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { formatAddress, type NetworkAddress } from '../identity/network-address';

/** What is wrong with how one side was set up: another node, or a later attempt, would meet with the same. */
const LASTING: readonly ErrorCode[] = ['TLS_FAILED', 'AUTHENTICATION_FAILED'];

/** No connection is tried so soon after a failure. */
export function notNow(
  address: NetworkAddress,
  retryInMs: number,
  lastFailure: MoonpoolError | undefined,
): MoonpoolError {
  const isOfAttempt = isMoonpoolError(lastFailure, 'NODE_UNREACHABLE') && isMoonpoolError(lastFailure.cause);
  const why = isOfAttempt ? inWords(lastFailure.cause) : reasonOf(lastFailure);
  return new MoonpoolError('NODE_UNREACHABLE', {
    message: `No connection to ${formatAddress(address)} is tried within the next ${Math.ceil(retryInMs)} ms, for the last one failed (${why})`,
    cause: lastFailure,
    ...(isOfAttempt ? { remedy: lastFailure.remedy } : {}),
  });
}

/** A connection was tried and not made. */
export function couldNotConnect(address: NetworkAddress, cause: unknown): MoonpoolError {
  return new MoonpoolError('NODE_UNREACHABLE', {
    message: `No connection to ${formatAddress(address)} could be made (${inWords(cause)})`,
    cause,
    ...(isLasting(cause) ? { remedy: cause.remedy } : {}),
  });
}

function inWords(cause: unknown): string {
  if (!isMoonpoolError(cause)) return reasonOf(cause);
  const { code } = cause;
  // Of the others the code says it; this one stands for all that has none.
  return isLasting(cause) || code === 'CONNECTION_FAILED' ? `${code}: ${reasonOf(cause)}` : code;
}

function isLasting(cause: unknown): cause is MoonpoolError {
  return isMoonpoolError(cause) && LASTING.includes(cause.code);
}
