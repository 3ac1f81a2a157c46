import { token } from '../injection/token';
import { anyOf, count, delay, duration, flag } from '../options/option-kind';
import { optionTable } from '../options/option-table';

/** How a node keeps its activations. Times are in milliseconds. */
export interface ActivationOptions {
  /** How many calls may wait for one activation, unless its class says otherwise. Default: 1,000. */
  readonly mailboxCapacity: number;
  /** How many calls may wait for all activations of a node together. Default: 100,000. */
  readonly maxWaiting: number;
  /** A call that would wait for a greater share of the time that it has left is refused at once. Default: 0.5. */
  readonly maxWaitShare: number;
  /** How long a call may wait, however much time it has left, while a thousand others do. Default: 3,000. */
  readonly maxWaitMs: number;
  /** How long an activation may be idle before it is deactivated, unless its class says otherwise. Default: 600,000. */
  readonly idleTimeoutMs: number;
  /** How often idle activations are looked for, at most. Default: 60,000. */
  readonly collectionIntervalMs: number;
  /** How long turns may follow each other without a turn of the event loop. Default: 100. */
  readonly turnQuantumMs: number;
  /** How long an actor may take to become active: registration, state, constructor and hook. Default: 30,000. */
  readonly activationLimitMs: number;
  /** How long `onDeactivate` and the last writes may take. Default: 30,000. */
  readonly deactivationLimitMs: number;
  /** How long an actor that moves waits until the other node has taken it over; then it ends, and its next call activates it. Default: 5,000. */
  readonly migrationLimitMs: number;
  /** Whether a shutdown moves actors that are in use, or have something to take along, to other nodes; otherwise it deactivates all. Default: true. */
  readonly moveOnShutdown: boolean;
  /** Whether this node gives activations to nodes that have fewer, such as one that has just joined. Default: false. */
  readonly rebalance: boolean;
  /** How many activations more than another node, beside a quarter of its own, it has then at least. Default: 32. */
  readonly rebalanceDifference: number;
  /**
   * For how long the error of a failed activation is the answer to further calls, at most: the first failure holds for a
   * twentieth of it, and each that follows twice as long as the one before. Default: 5,000.
   */
  readonly failureHoldMs: number;
  /** A turn that takes longer than this is reported in the log. Default: 1,000. */
  readonly longTurnMs: number;
  /**
   * A turn that takes longer than this, waits for calls and keeps others waiting is asked whether it waits for itself; a circle
   * of such turns is broken by CALL_DEADLOCK. Default: 500.
   */
  readonly deadlockAfterMs: number;
  /** How long a shutdown waits for turns to end, actors to move or be deactivated, and answers to what its process has asked for. Default: 30,000. */
  readonly drainLimitMs: number;
}
export const ActivationOptions = token<ActivationOptions>('ActivationOptions');

export const ACTIVATION_OPTIONS = optionTable<Partial<ActivationOptions>>({
  mailboxCapacity: count(1),
  maxWaiting: count(1),
  maxWaitShare: anyOf(
    'a number above 0 and at most 1',
    (value) => typeof value === 'number' && value > 0 && value <= 1,
  ),
  maxWaitMs: duration(),
  idleTimeoutMs: duration(),
  collectionIntervalMs: duration(),
  turnQuantumMs: delay(),
  activationLimitMs: duration(),
  deactivationLimitMs: duration(),
  migrationLimitMs: duration(),
  moveOnShutdown: flag(),
  rebalance: flag(),
  rebalanceDifference: count(1),
  failureHoldMs: delay(),
  longTurnMs: delay(),
  deadlockAfterMs: duration(),
  drainLimitMs: delay(),
});

export const DEFAULT_ACTIVATION_OPTIONS: ActivationOptions = {
  mailboxCapacity: 1_000,
  maxWaiting: 100_000,
  maxWaitShare: 0.5,
  maxWaitMs: 3_000,
  idleTimeoutMs: 600_000,
  collectionIntervalMs: 60_000,
  turnQuantumMs: 100,
  activationLimitMs: 30_000,
  deactivationLimitMs: 30_000,
  migrationLimitMs: 5_000,
  moveOnShutdown: true,
  rebalance: false,
  rebalanceDifference: 32,
  failureHoldMs: 5_000,
  longTurnMs: 1_000,
  deadlockAfterMs: 500,
  drainLimitMs: 30_000,
};
