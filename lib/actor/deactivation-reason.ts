/**
 * Why an activation ends. Hooks see `idle`, `requested`, `migrating` and `shutting-down`; what is `fenced` must do nothing more, a `duplicate` has
 * lost the race for its registration and run nothing, one that is `outdated` has found a state of a later version of its class and run nothing, one whose activation failed was never active; these are
 * counted in `inspect()`.
 */
export type DeactivationCode =
  | 'idle'
  | 'requested'
  | 'shutting-down'
  | 'activation-failed'
  | 'duplicate'
  | 'outdated'
  | 'fenced'
  | 'migrating';

/** Why an activation ends, as its `onDeactivate` hook gets it. */
export interface DeactivationReason {
  readonly code: DeactivationCode;
  /** A sentence for a log. */
  readonly description: string;
  /** The error behind it, if there is one. */
  readonly error?: unknown;
}
