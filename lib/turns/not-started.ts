import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { Request } from '../calls/request';

/** A turn of the actor waits for the call, which would wait for that turn. */
export function waitsForItself({ method, chain, target }: Request): MoonpoolError {
  const path = [...chain, target.path].join(' -> ');
  return new MoonpoolError('CALL_DEADLOCK', { message: `The call ${method} would wait for itself: ${path}` });
}

/** The class could not say whether the turn of the call may overlap others: what says so is the user's code. */
export function conditionFailed({ method, target }: Request, cause: unknown): MoonpoolError {
  const message = `The call ${method} of ${target.path} was not started: the condition of @Reentrant failed with '${reasonOf(cause)}'`;
  return new MoonpoolError('HANDLER_FAILED', { message, executed: 'no', cause });
}
