import { delay, flag, signal } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import type { LocalEnding } from './local-ending';

/** How long a message may take, and how the wait for it is ended sooner. */
export interface LocalWaitOptions {
  /** How long the caller waits at most, in milliseconds. Default: 30,000. */
  readonly timeoutMs?: number;
  /** Ends the wait with CALL_CANCELLED when it aborts. */
  readonly signal?: AbortSignal;
}

export const WAIT_OPTIONS = optionTable<LocalWaitOptions>({ timeoutMs: delay(), signal: signal() });

/** How a local actor is stopped. */
export interface LocalStopOptions {
  /** True: what is in the mailbox is worked off first. False: only the message that is under way is finished. Default: true. */
  readonly drain?: boolean;
  /** How long the stop waits for that, in milliseconds; then the actor is given up. Default: `stopLimitMs` of the actor. */
  readonly limitMs?: number;
}

export const STOP_OPTIONS = optionTable<LocalStopOptions>({ drain: flag(), limitMs: delay() });

/**
 * What others have of a local actor. It stays good when a supervisor starts the actor again: messages that wait in the mailbox
 * then are for the next life. Messages of one sender arrive in the order in which they were sent; they are not copied, so
 * whoever sends an object changes it no more.
 */
export interface LocalHandle<Message, Reply = void> {
  /** The name in the registry of its {@link LocalSystem}. */
  readonly name: string;
  /** How many messages the mailbox holds. */
  readonly queued: number;
  /** Settles, never with an error, when the actor has ended for good, and says why. */
  readonly ended: Promise<LocalEnding>;
  /** True when it has ended for good. */
  readonly hasEnded: boolean;
  /**
   * Settles when the actor has started for the first time: its `onStart` is over, if it has one. @throws MoonpoolError
   * LOCAL_ACTOR_ENDED when it ended for good before that.
   */
  whenStarted(): Promise<void>;
  /**
   * Resolves when the mailbox has taken the message; waits while it is full.
   * @throws MoonpoolError LOCAL_ACTOR_ENDED, CALL_TIMEOUT, CALL_CANCELLED; MAILBOX_FULL when as many others wait for room as may
   */
  send(message: Message, options?: LocalWaitOptions): Promise<void>;
  /** Puts the message into the mailbox, now. @throws MoonpoolError MAILBOX_FULL, LOCAL_ACTOR_ENDED */
  trySend(message: Message): void;
  /**
   * Sends the message, waiting for room, and resolves with the answer. What the actor throws for it is thrown here.
   * @throws MoonpoolError LOCAL_ACTOR_ENDED, CALL_TIMEOUT, CALL_CANCELLED, MAILBOX_FULL; `executed` is `no` when the actor never
   * got the message
   */
  request(message: Message, options?: LocalWaitOptions): Promise<Reply>;
  /** Ends the actor for good: a supervisor does not start it again. Resolves when it has ended; never rejects. */
  stop(options?: LocalStopOptions): Promise<LocalEnding>;
}
