import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { ReplyFuture } from './reply-future';

/** What to do when a server cannot be reached: it is no actor, which would move elsewhere. */
export const SERVER_IS_GONE =
  "Ask again when the server is back, ask another one, or have the request repeated with `delivery: 'at-least-once'`.";

/** What kept the request from being sent, as an error of the request. */
export function notSent(future: ReplyFuture, error: unknown): unknown {
  const { executed } = future;
  if (!isMoonpoolError(error) || (error.code === 'UNSERIALIZABLE_VALUE' && executed === 'no')) return error;
  const remedy = error.code === 'NODE_UNREACHABLE' ? SERVER_IS_GONE : error.remedy;
  const message = `${future.describe()} ${executed === 'no' ? 'was not sent' : 'could not be sent again'}: ${reasonOf(error)}`;
  return new MoonpoolError(error.code, { message, executed, remedy, cause: error });
}

/** The connection by which the answer would have come is gone. */
export function lossOf(future: ReplyFuture, error: MoonpoolError): MoonpoolError {
  const { executed } = future;
  // What never left this process was not lost: there was nobody to send it to.
  if (executed === 'no')
    return new MoonpoolError('NODE_UNREACHABLE', {
      message: `${future.describe()} was not sent: ${reasonOf(error)}`,
      remedy: SERVER_IS_GONE,
      cause: error,
    });
  return new MoonpoolError('CONNECTION_LOST', {
    message: `${future.describe()} got no answer: ${reasonOf(error)}`,
    executed,
    cause: error,
  });
}
