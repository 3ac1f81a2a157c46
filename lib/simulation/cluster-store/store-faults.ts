/** How the cluster's store behaves in a simulation. Times are in milliseconds, probabilities 0 to 1. */
export interface StoreFaults {
  readonly minMs: number;
  readonly maxMs: number;
  /** How often a request is very slow on its way, and how slow. It may then arrive after its sender has died. */
  readonly slowProbability: number;
  readonly slowMinMs: number;
  readonly slowMaxMs: number;
  /** How often an operation is done at once but its answer is as slow: a reader that lags behind. */
  readonly lateAnswerProbability: number;
  /** How often the store answers that it is unavailable, having done nothing. */
  readonly unavailableProbability: number;
  /** How often an operation is done but its answer is lost. */
  readonly answerLostProbability: number;
  /** How often, whenever a node looks at sessions, its own ends by itself although its process lives. */
  readonly sessionLostProbability: number;
  /** How often, whenever a node looks at sessions, the store is started again, which ends the sessions of all. */
  readonly restartProbability: number;
  /** How long a caller waits for an answer before it takes the store for unavailable. */
  readonly answerTimeoutMs: number;
}

export const CALM_STORE: StoreFaults = {
  minMs: 1,
  maxMs: 5,
  slowProbability: 0,
  slowMinMs: 0,
  slowMaxMs: 0,
  lateAnswerProbability: 0,
  unavailableProbability: 0,
  answerLostProbability: 0,
  sessionLostProbability: 0,
  restartProbability: 0,
  answerTimeoutMs: 10_000,
};
