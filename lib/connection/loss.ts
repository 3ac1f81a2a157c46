import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { isRefusal } from '../handshake/refusal';

/** The connection is gone: what was sent on it may have arrived. @param whom the other side. */
export function lost(whom: string, why: string, cause?: unknown): MoonpoolError {
  return new MoonpoolError('CONNECTION_LOST', {
    message: `The connection to ${whom} is gone: ${why}`,
    executed: 'maybe',
    cause,
  });
}

/** The connection is gone because of an error; one that says why the handshake was refused speaks for itself. */
export function lossBy(whom: string, error: unknown): MoonpoolError {
  return isRefusal(error)
    ? error
    : lost(whom, isMoonpoolError(error) ? reasonOf(error) : 'a packet could not be handled', error);
}
