import { token } from '../injection/token';
import type { OperationTable } from '../providers/store-operations';

/** What the store holds of one actor. */
export interface StoredState {
  /** How many activations have claimed the state. */
  readonly epoch: number;
  /** How many writes were accepted. */
  readonly version: number;
  /** The id of the last accepted write; empty before the first. */
  readonly writeId: string;
  /** The bytes of the last accepted write; undefined before the first. */
  readonly data: Uint8Array | undefined;
}

/** A write of an actor's whole state, made under a claim. */
export interface StateWrite {
  /** The path of the actor. */
  readonly actor: string;
  /** The epoch of the claim under which the write is made. */
  readonly epoch: number;
  /** The version that the write replaces. */
  readonly version: number;
  /** Unique to this write, so that its fate can be learnt when the answer was lost. */
  readonly writeId: string;
  readonly data: Uint8Array;
}

/** What became of a write. */
export type WriteOutcome =
  | { readonly kind: 'accepted'; readonly version: number }
  /** A newer activation has claimed the state; nothing was written. */
  | { readonly kind: 'fenced'; readonly epoch: number }
  /** The claim holds but the store has another version; nothing was written. */
  | { readonly kind: 'conflict'; readonly version: number; readonly writeId: string };

/**
 * Where the state of actors is kept. The store is the fence: it alone decides which activation may write. Every method
 * throws MoonpoolError STORAGE_UNAVAILABLE when the store did not answer; the operation then may have been applied.
 */
export interface StateStorage {
  /** Adds 1 to the epoch of the actor's state, made when it does not exist, and returns it. Older epochs are refused from now on. */
  claim(actor: string): Promise<StoredState>;
  /** Writes when the epoch is the latest claimed and the version is the present one; resolves when that is durable. */
  write(write: StateWrite): Promise<WriteOutcome>;
  /** The present state; undefined when the actor never claimed any. */
  read(actor: string): Promise<StoredState | undefined>;
}
export const StateStorage = token<StateStorage>('StateStorage');

/** The operations of {@link StateStorage}. */
export const STATE_OPERATIONS = {
  claim: { name: 'claim', does: 'claim a state' },
  write: { name: 'write', does: 'write a state' },
  read: { name: 'read', does: 'read a state', reads: true },
} as const satisfies OperationTable<StateStorage>;
