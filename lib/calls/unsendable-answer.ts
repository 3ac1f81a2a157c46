import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { uncarried, type Carrier } from '../serialization/uncarried-value';
import type { Request } from './request';

/** A turn has ended well and its answer cannot travel: the caller learns why, and that the work was done. */
export function unsendableAnswer(
  { method, target }: Request,
  value: unknown,
  cause: unknown,
  carrier: Carrier,
): MoonpoolError {
  const answer = `The answer to the call ${method} of ${target.path}`;
  const error = uncarried(answer, value, cause, carrier);
  if (!isMoonpoolError(error))
    return new MoonpoolError('UNSERIALIZABLE_VALUE', {
      message: `${answer} cannot be sent: ${reasonOf(error)}`,
      executed: 'yes',
    });
  const message = error === cause ? `${answer} cannot be sent: ${reasonOf(error)}` : error.detail;
  return new MoonpoolError(error.code, { message, executed: 'yes', remedy: error.remedy });
}
