import { MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { describeCircle } from '../calls/circle';
import type { Request } from '../calls/request';

/** A turn of the actor waits for the call, which would wait for that turn. */
export function waitsForItself({ method, chain, target }: Request): MoonpoolError {
  const path = describeCircle([...chain, target.path]);
  return new MoonpoolError('CALL_DEADLOCK', { message: `The call ${method} would wait for itself: ${path}` });
}

/** The class could not say whether the turn of the call may overlap others: what says so is the user's code. */
export function conditionFailed({ method, target }: Request, cause: unknown): MoonpoolError {
  const message = `The call ${method} of ${target.path} was not started: the condition of @Reentrant failed with '${reasonOf(cause)}'`;
  return new MoonpoolError('HANDLER_FAILED', { message, executed: 'no', cause });
}

/** What a constructor decides would be written with no commit, for it cannot wait for one. */
export function decidedTooEarly(path: string): MoonpoolError {
  return new MoonpoolError('OUTSIDE_OF_TURN', {
    message: `The constructor of ${path} has delivered a message or set a reminder, and cannot wait until that is durable`,
    remedy: 'Do it in onActivate, or in a handler.',
  });
}
