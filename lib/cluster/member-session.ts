import type { NodeId } from '../identity/node-id';

/**
 * The session of a node with the store, which ends with its process. It may end sooner: when the store is started again, when a network forgets the connection, when
 * somebody ends it by hand. It is opened again then, by itself; so that a session has ended proves nothing alone, and is one of two witnesses of a death.
 */
export interface MemberSession {
  /**
   * Of the given nodes those whose sessions this one has seen open and now finds ended, while it has gone on itself without a break: a store that was started again has ended
   * the sessions of all, and tells of none of them. What was seen of others than these is forgotten.
   * @throws MoonpoolError STORAGE_UNAVAILABLE
   */
  ended(nodes: readonly NodeId[]): Promise<readonly NodeId[]>;
  /** Ends it, in order: whoever had seen it open finds it ended. Never fails. */
  close(): Promise<void>;
}
