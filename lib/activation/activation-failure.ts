import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { ActorId } from '../identity/actor-id';

/** What an activation is at while it becomes active. */
export type ActivationStep = 'registration' | 'loading of its state' | 'constructor' | 'onRehydrate' | 'onActivate';

/** Why an actor could not be activated, for those who called it. */
export function activationFailure(
  { path }: ActorId,
  step: ActivationStep,
  cause: unknown,
  limitMs: number,
): MoonpoolError {
  const how = isMoonpoolError(cause, 'LIFECYCLE_TIMEOUT')
    ? `took longer than ${limitMs} ms`
    : `failed with '${reasonOf(cause)}'`;
  return new MoonpoolError('ACTIVATION_FAILED', {
    message: `The actor ${path} could not be activated: its ${step} ${how}`,
    cause,
  });
}

/** Something in the life of an actor took too long. */
export function lifecycleTimeout({ path }: ActorId, what: string, limitMs: number): MoonpoolError {
  return new MoonpoolError('LIFECYCLE_TIMEOUT', { message: `The actor ${path} ${what} within ${limitMs} ms` });
}
