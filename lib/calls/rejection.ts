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
}
