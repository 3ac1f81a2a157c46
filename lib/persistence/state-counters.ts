/** A type and no interface, so that it is plain state to the compiler. */
export type StateTotals = {
  readonly claimed: number;
  readonly written: number;
  readonly writtenBytes: number;
  readonly refused: number;
};

/** What a node has done with the states of its actors since it started. */
export class StateCounters {
  /** States that were claimed and read, one for each activation that has any. */
  claimed = 0;
  written = 0;
  writtenBytes = 0;
  /** Writes that the store has refused, because a newer activation has claimed the state. */
  refused = 0;

  describe(): StateTotals {
    const { claimed, written, writtenBytes, refused } = this;
    return { claimed, written, writtenBytes, refused };
  }
}
