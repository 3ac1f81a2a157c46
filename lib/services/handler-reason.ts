import { isMoonpoolError } from '../errors/moonpool-error';

/** What a process that was asked has met itself: it stands behind the failure of its handler. */
export function reasonIn(error: unknown): unknown {
  return isMoonpoolError(error, 'HANDLER_FAILED') && isMoonpoolError(error.cause) ? error.cause : error;
}
