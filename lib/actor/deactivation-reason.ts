/** Why an activation ends. */
export type DeactivationCode =
  | 'idle'
  | 'requested'
  | 'shutting-down'
  | 'activation-failed'
  | 'duplicate'
  | 'fenced'
  | 'migrating';

/** Why an activation ends, as its `onDeactivate` hook is told. */
export interface DeactivationReason {
  readonly code: DeactivationCode;
  /** A sentence for a log. */
  readonly description: string;
  /** The error behind it, if there is one. */
  readonly error?: unknown;
}
