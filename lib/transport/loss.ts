import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { isRefusal } from './refusal';

/** The connection is gone: what was sent on it may have arrived. */
export function lost(why: string, cause?: unknown): MoonpoolError {
  return new MoonpoolError('CONNECTION_LOST', { message: `The connection is gone: ${why}`, executed: 'maybe', cause });
}

/** The connection is gone because of an error; one that says why the handshake was refused speaks for itself. */
export function lossBy(error: unknown): MoonpoolError {
  return isRefusal(error) ? error : lost(isMoonpoolError(error) ? error.detail : 'a packet could not be handled', error);
}
