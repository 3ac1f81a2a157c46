import { token } from '../injection/token';
import { count, duration } from '../options/option-kind';
import { optionTable } from '../options/option-table';

/** The limits of messaging. Times are in milliseconds. */
export interface MessagingOptions {
  /** How long a call may take unless it, or its handler, says otherwise, and an operation of the store for whoever asks it through the runtime. Default: 30,000. */
  readonly callTimeoutMs: number;
  /** How many calls of this node may wait for answers. Default: 100,000. */
  readonly maxPendingCalls: number;
  /** How often a call that was rejected is sent elsewhere. Default: 2. */
  readonly maxForwards: number;
  /** How many places of actors are remembered. Default: 100,000. */
  readonly locationCacheCapacity: number;
}
export const MessagingOptions = token<MessagingOptions>('MessagingOptions');

export const MESSAGING_OPTIONS = optionTable<Partial<MessagingOptions>>({
  callTimeoutMs: duration(),
  maxPendingCalls: count(1),
  maxForwards: count(0),
  locationCacheCapacity: count(1),
});

export const DEFAULT_MESSAGING_OPTIONS: MessagingOptions = {
  callTimeoutMs: 30_000,
  maxPendingCalls: 100_000,
  maxForwards: 2,
  locationCacheCapacity: 100_000,
};
