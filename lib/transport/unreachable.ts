import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { formatAddress, type NetworkAddress } from '../identity/network-address';

/** No connection is tried so soon after a failure. */
export function notNow(
  address: NetworkAddress,
  retryInMs: number,
  lastFailure: MoonpoolError | undefined,
): MoonpoolError {
  const failure =
    isMoonpoolError(lastFailure, 'NODE_UNREACHABLE') && isMoonpoolError(lastFailure.cause)
      ? lastFailure.cause.code
      : reasonOf(lastFailure);
  const message = `No connection to ${formatAddress(address)} is tried within the next ${Math.ceil(retryInMs)} ms, for the last one failed (${failure})`;
  return new MoonpoolError('NODE_UNREACHABLE', { message, cause: lastFailure });
}

/** A connection was tried and not made. */
export function couldNotConnect(address: NetworkAddress, cause: unknown): MoonpoolError {
  const why = isMoonpoolError(cause) ? cause.code : reasonOf(cause);
  return new MoonpoolError('NODE_UNREACHABLE', {
    message: `No connection to ${formatAddress(address)} could be made (${why})`,
    cause,
  });
}
