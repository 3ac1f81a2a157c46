/** What the row of an actor says besides its states. */
export interface ActorHead {
  /** Where it is in its table; 0 of one that was just made. */
  readonly place: number;
  readonly actor: string;
  readonly epoch: number;
  readonly version: number;
  readonly writeId: string;
  readonly lastEvent: number;
  /** How many answers were ever remembered. */
  readonly answers: number;
  /** How many of them are there at most: those that were remembered once more count twice until the oldest are forgotten. */
  readonly keptAnswers: number;
  /** null: there is no snapshot. */
  readonly snapshotUpTo: number | null;
  /** Whether it is in the list: it has states or events. */
  readonly listed: number;
}
