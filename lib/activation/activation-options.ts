import { token } from '../injection/token';

/** How a node keeps its activations. Times are in milliseconds. */
export interface ActivationOptions {
  /** How many calls may wait for one activation, unless its class says otherwise. Default: 1,000. */
  readonly mailboxCapacity: number;
  /** How long an activation may be idle before it is deactivated, unless its class says otherwise. Default: 600,000. */
  readonly idleTimeoutMs: number;
  /** How often idle activations are looked for, at most. Default: 60,000. */
  readonly collectionIntervalMs: number;
  /** How long turns may follow each other without a turn of the event loop. Default: 100. */
  readonly turnQuantumMs: number;
  /** How long a shutdown waits for turns to end and actors to be deactivated. Default: 30,000. */
  readonly drainLimitMs: number;
}
export const ActivationOptions = token<ActivationOptions>('ActivationOptions');

export const DEFAULT_ACTIVATION_OPTIONS: ActivationOptions = {
  mailboxCapacity: 1_000,
  idleTimeoutMs: 600_000,
  collectionIntervalMs: 60_000,
  turnQuantumMs: 100,
  drainLimitMs: 30_000,
};
