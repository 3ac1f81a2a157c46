import { anyOf, count, delay } from '../options/option-kind';
import { optionTable, type OptionRules } from '../options/option-table';
import { isWellFormed, OF_WHOLE_LETTERS } from '../options/well-formed-text';

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
export const DEFAULT_LOCAL_OPTIONS = {
  mailboxCapacity: 1_000,
  startLimitMs: 30_000,
  stopLimitMs: 5_000,
  timeoutMs: 30_000,
} as const;

/** What the name of a local actor may be: names of supervised ones have slashes of their own. */
export const localName = anyOf(
  `a text without slashes and line breaks, and ${OF_WHOLE_LETTERS}`,
  (value) => typeof value === 'string' && isWellFormed(value) && /^[^/\p{Cc}]+$/u.test(value),
);

export const OF_LOCAL_ACTORS: OptionRules<LocalOptions> = {
  name: localName,
  mailboxCapacity: count(1),
  startLimitMs: delay(),
  stopLimitMs: delay(),
};

export const LOCAL_OPTIONS = optionTable<LocalOptions>(OF_LOCAL_ACTORS);
