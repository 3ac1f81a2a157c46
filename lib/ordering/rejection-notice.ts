import type { Rejection } from '../calls/rejection';

/**
 * What a node tells of a call that it does not serve. The two sides of a connection keep their calls in order by it: what follows the
 * call is rejected as well until its sender has said that it has noted this, which it does at once, with the path of the actor; and the
 * sender holds what it would send next, until all that it had sent behind the call have come back.
 */
export interface RejectionNotice {
  /** The number of the call. */
  readonly correlation: number;
  /** The path of its actor. */
  readonly target: string;
  readonly rejection: Rejection;
  /** What follows is rejected too until the sender says that it has noted this. */
  readonly isToBeNoted: boolean;
}
