import { MoonpoolError } from '../errors/moonpool-error';

/** How a local actor is started. */
export interface LocalOptions {
  /** The name in the registry. Default: the name of its class or function, and a number. */
  readonly name?: string;
  /** How many messages may wait; also how many senders may wait for room beside them. Default: 1,000. */
  readonly mailboxCapacity?: number;
  /** How long its `onStart` may take, in milliseconds, before that is a failure. Default: 30,000. */
  readonly startLimitMs?: number;
  /** How long a stop waits for the actor, in milliseconds, before it is given up. Default: 5,000. */
  readonly stopLimitMs?: number;
}

/** What holds where nothing is said. */
export const DEFAULT_LOCAL_OPTIONS = { mailboxCapacity: 1_000, startLimitMs: 30_000, stopLimitMs: 5_000, timeoutMs: 30_000 } as const;

/** @throws MoonpoolError INVALID_OPTION */
export function checkCount(option: string, value: number | undefined, least: number): void {
  if (value === undefined || (Number.isSafeInteger(value) && value >= least)) return;
  throw new MoonpoolError('INVALID_OPTION', { message: `The option ${option} must be a whole number from ${least}; ${value} was given` });
}

/** @throws MoonpoolError INVALID_OPTION */
export function checkDuration(option: string, value: number | undefined): void {
  if (value === undefined || (Number.isFinite(value) && value >= 0)) return;
  throw new MoonpoolError('INVALID_OPTION', { message: `The option ${option} must be a number of milliseconds that is not negative; ${value} was given` });
}
