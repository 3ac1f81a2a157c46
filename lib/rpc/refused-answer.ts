import { isMoonpoolError, MoonpoolError, type Executed } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { Hello } from '../handshake/hello';
import type { Feature } from '../handshake/protocol';
import { formatNodeId } from '../identity/node-id';
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

/** The other side is of a release, or of a kind, that does not take such requests, so that none was sent. */
export function missingFeature(future: ReplyFuture, feature: Feature, { node, protocol }: Hello): MoonpoolError {
  return new MoonpoolError('FEATURE_MISSING', {
    message: `${future.describe()} was not sent: ${formatNodeId(node)} speaks version ${protocol} of the protocol and does not have the feature '${feature}'`,
  });
}

const REMEDY =
  'Let both sides have the same version of the interface and the same serializer. The request was handled: repeat it only if that is safe.';
