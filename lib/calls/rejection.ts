import type { Registration } from '../directory/actor-directory';

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
   * The activation had been active and has ended, which may happen to a busy actor at any time: its next activation takes the
   * call, here or elsewhere. That is no detour, so it is not counted as one.
   */
  readonly isForNext?: boolean;
}
