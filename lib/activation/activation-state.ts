import type { Moves } from '../concurrency/state-machine';

/** The states of an activation. */
export type ActivationState = 'creating' | 'activating' | 'active' | 'deactivating' | 'invalid';

export const ACTIVATION_MOVES: Moves<ActivationState> = {
  creating: ['activating', 'invalid'],
  activating: ['active', 'invalid'],
  active: ['deactivating', 'invalid'],
  deactivating: ['invalid'],
  invalid: [],
};
