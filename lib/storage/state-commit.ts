import type { NewDelivery } from './stored-delivery';
import type { StoredSnapshot } from './stored-state';

/** What one or several turns of an actor have decided, made under a claim. */
export interface StateCommit {
  /** The path of the actor. */
  readonly actor: string;
  /** The epoch of the claim under which it is made. */
  readonly epoch: number;
  /** The version that it replaces. */
  readonly version: number;
  /** Unique to this commit, so that its fate can be learnt when the answer was lost. */
  readonly writeId: string;
  /** The record of all its states; null: it has none any more; undefined: they stay as they are. */
  readonly data?: Uint8Array | null | undefined;
  /** Follow the last event that is there. */
  readonly events?: readonly Uint8Array[] | undefined;
  /** In place of the one before. */
  readonly snapshot?: StoredSnapshot | undefined;
  /** In place of what was remembered under the same key. */
  readonly answers?: readonly NewAnswer[] | undefined;
  /** How many of the actor's answers are kept at least; the oldest beyond that are forgotten, though of many a quarter more may stay for a while. */
  readonly keptAnswers?: number | undefined;
  /** In place of those with the same id. */
  readonly deliveries?: readonly NewDelivery[] | undefined;
  /** The ids of deliveries that are not to be made any more; those that are gone already are no mistake. */
  readonly cancels?: readonly string[] | undefined;
  /** The actor is deleted: its states, events, snapshot and answers go before anything else of this is written. */
  readonly destroys?: true | undefined;
}

/** An answer that is remembered under the key of its call. */
export interface NewAnswer {
  readonly key: string;
  readonly data: Uint8Array;
}

/** What became of a commit. */
export type CommitOutcome =
  | { readonly kind: 'accepted'; readonly version: number }
  /** A newer activation has claimed the state; nothing was written. */
  | { readonly kind: 'fenced'; readonly epoch: number }
  /** The claim holds but the store has another version; nothing was written. */
  | { readonly kind: 'conflict'; readonly version: number; readonly writeId: string };
