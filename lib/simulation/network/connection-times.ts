/** How long the steps of making connections take, in milliseconds. */
export interface ConnectionTimes {
  readonly bindMs: readonly [low: number, high: number];
  readonly acceptMs: readonly [low: number, high: number];
  readonly connectMs: readonly [low: number, high: number];
  /** After this long without an answer the caller gives up. */
  readonly connectLimitMs: number;
}
