/** What the store holds of one actor. */
export interface StoredState {
  /** How many activations have claimed the state. */
  readonly epoch: number;
  /** How many commits were accepted. */
  readonly version: number;
  /** The id of the last accepted commit; empty before the first. */
  readonly writeId: string;
  /** The record of its states as it was last written; undefined when there is none. */
  readonly data: Uint8Array | undefined;
  /** The last snapshot of its journals. */
  readonly snapshot: StoredSnapshot | undefined;
  /** The number of its last event; 0 when there is none. */
  readonly lastEvent: number;
  /** How many answers were ever remembered: 0 when there is none to look for. */
  readonly answers: number;
}

/** What the journals of an actor had come to. */
export interface StoredSnapshot {
  /** The number of the last event that it holds. */
  readonly upTo: number;
  readonly data: Uint8Array;
}

/** One event of an actor's journals. */
export interface StoredEvent {
  /** 1 for the first event of the actor, and so on without gaps. */
  readonly number: number;
  /** When it was written, in milliseconds since 1970 by the store's clock. */
  readonly at: number;
  readonly data: Uint8Array;
}

/** Which actors are asked for. */
export interface ActorQuery {
  /** With what their paths begin. */
  readonly prefix: string;
  /** The path behind which the page begins; at the first one by default. */
  readonly after?: string;
  /** How many at most. */
  readonly limit: number;
}

/** Some of the actors that something is stored of. */
export interface ActorPage {
  readonly actors: readonly ListedActor[];
  /** There are none behind them. */
  readonly isLast: boolean;
}

/** An actor that something is stored of: it has states, or events. */
export interface ListedActor {
  /** Its path. */
  readonly actor: string;
  readonly version: number;
}

/** What is past its window. */
export interface Forgetting {
  /** Answers that were remembered longer ago, in milliseconds. */
  readonly answersOlderThanMs: number;
  /** How many records at most. */
  readonly limit: number;
}
