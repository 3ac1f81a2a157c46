import { MoonpoolError } from '../errors/moonpool-error';
import type { DurableState } from './durable-state';

/** For whoever has nothing that is durable. */
export const NOTHING_DURABLE: DurableState = {
  epoch: 0,
  version: 0,
  failure: undefined,
  isDurable: false,
  keepsDecisions: false,
  isGated: false,
  mayOverlap: false,
  claim: () => undefined,
  attach: () => undefined,
  recall: ({ request: { method, target } }) =>
    Promise.reject(
      new MoonpoolError('NOT_IDEMPOTENT', {
        message: `The call ${method} of ${target.path} has an idempotency key, and nothing of the actor is durable: it could not remember the answer`,
      }),
    ),
  forgo: () => undefined,
  commit: () => undefined,
  abandon: () => undefined,
  commitSoFar: () => undefined,
  pending: undefined,
  settled: () => undefined,
  ended: () => undefined,
};
