import { isMoonpoolError, MoonpoolError, type Executed } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { ReplyFuture } from './reply-future';

/** The answer is there and this side cannot take it: it cannot be read, or it is not what the interface says. The work was done all the same. */
export function refusedAnswer(future: ReplyFuture, cause: unknown, executed: Executed): MoonpoolError {
  const code = isMoonpoolError(cause) ? cause.code : 'INVALID_PAYLOAD';
  return new MoonpoolError(code, {
    message: `${future.describe()} was answered, and the answer is refused: ${reasonOf(cause)}`,
    executed,
    remedy: REMEDY,
    cause,
  });
}

const REMEDY =
  'Let both sides have the same version of the interface and the same serializer. The request was handled: repeat it only if that is safe.';
