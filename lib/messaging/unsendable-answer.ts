import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';

/** A turn has ended well and its answer cannot travel: the caller is told why, and that the work was done. */
export function unsendableAnswer(method: string, target: ActorId, cause: unknown): MoonpoolError {
  const code = isMoonpoolError(cause) ? cause.code : 'UNSERIALIZABLE_VALUE';
  const why = isMoonpoolError(cause) ? cause.detail : String(cause);
  const remedy = isMoonpoolError(cause) ? { remedy: cause.remedy } : {};
  return new MoonpoolError(code, { message: `The answer to the call ${method} of ${target.path} cannot be sent: ${why}`, executed: 'yes', ...remedy });
}
