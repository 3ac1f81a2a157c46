import type { Registration } from '../directory/actor-directory';
import { MoonpoolError } from '../errors/moonpool-error';

/**
 * A node's answer to a call that it did not start and never will: look elsewhere. Only the bus that made the call tries
 * again; nobody passes calls on.
 */
export interface Rejection {
  /** Why, for messages. */
  readonly why: string;
  /** Where the actor is, if the node knows. */
  readonly location?: Registration | undefined;
  /**
   * Another activation of the actor takes the call: the one that was here has ended, which may happen to a busy actor at any
   * time, or it was not the first to register and the directory has named that one. That is no detour, so it is not counted as one.
   */
  readonly isForNext?: boolean;
}

/** The end of a call that was rejected as often as may be. */
export function tooManyForwards(
  call: { readonly forwards: number; describe(): string },
  { why }: Pick<Rejection, 'why'>,
): MoonpoolError {
  const times = call.forwards === 1 ? 'because' : `${call.forwards} times, last because`;
  return new MoonpoolError('TOO_MANY_FORWARDS', { message: `${call.describe()} was rejected ${times} ${why}` });
}
