import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { formatAddress, type NetworkAddress } from '../identity/network-address';

/** No connection is tried so soon after a failure. */
export function notNow(address: NetworkAddress, lastFailure: MoonpoolError | undefined): MoonpoolError {
  return new MoonpoolError('NODE_UNREACHABLE', { message: `No connection to ${formatAddress(address)} can be made at present`, cause: lastFailure });
}

/** A connection was tried and not made. */
export function unreachable(address: NetworkAddress, cause: unknown): MoonpoolError {
  const why = isMoonpoolError(cause) ? cause.code : String(cause);
  return new MoonpoolError('NODE_UNREACHABLE', { message: `No connection to ${formatAddress(address)} could be made (${why})`, cause });
}
