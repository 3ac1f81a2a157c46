import type { Logger } from '../observability/logger';
import type { RandomProvider } from '../providers/random-provider';
import type { TimeProvider } from '../providers/time-provider';
import type { LocalEnding } from './local-ending';
import type { LocalHandle } from './local-handle';

/** A message as a body gets it. */
export interface LocalRequest<Message, Reply = void> {
  readonly message: Message;
  /** True when the sender waits for an answer, and has not given up. */
  readonly wantsReply: boolean;
  /** Answers. Does nothing when nobody waits. @throws MoonpoolError REPLY_ALREADY_GIVEN */
  answer(reply: Reply): void;
  /** Answers with an error. @throws MoonpoolError REPLY_ALREADY_GIVEN */
  refuse(error: unknown): void;
}

/** What a local actor knows of itself and of the world. */
export interface LocalContext<Message, Reply = void> {
  readonly name: string;
  /** Its own handle: to send itself something, or to be given to others. A request to itself never ends before its timeout. */
  readonly self: LocalHandle<Message, Reply>;
  /** Clocks and waits. Use these and not the ambient ones, so that a simulation can run the actor. */
  readonly time: TimeProvider;
  /** Randomness, for the same reason. */
  readonly random: RandomProvider;
  readonly logger: Logger;
  /** Aborts when this life of the actor is to end without working off its mailbox. Pass it on to whatever is waited for. */
  readonly signal: AbortSignal;
  /**
   * The next message, for bodies; undefined when the actor is to end. A message whose sender waits should be answered or
   * refused; those that are not when the life ends are refused with LOCAL_ACTOR_ENDED.
   */
  receive(): Promise<LocalRequest<Message, Reply> | undefined>;
  /** Ends the actor after the present message, as finished. What waits in its mailbox is for the next life, if there is one. */
  finish(): void;
}

/**
 * An object that handles one message after the other. An error that it throws ends its life: the sender that waits gets the
 * error, and a supervisor decides what comes next. It starts again as a new object, so that no broken state lives on.
 */
export interface LocalActor<Message, Reply = void> {
  /** Before the first message. An error here is a failure like any other. */
  onStart?(): Promise<void> | void;
  /** Handles a message; what it returns is the answer, if the sender waits for one. */
  receive(message: Message): Promise<Reply> | Reply;
  /** Whether an error is only the answer to its message, and the actor goes on. Default: every error ends the life. */
  survives?(error: unknown, message: Message): boolean;
  /** After the last message, also after a failure, but not when `onStart` failed. */
  onStop?(ending: LocalEnding): Promise<void> | void;
}

/** A class of local actors. */
export type LocalActorClass<Message, Reply = void> = new (
  context: LocalContext<Message, Reply>,
) => LocalActor<Message, Reply>;

/** A function that makes a local actor; or a body: a task that asks for its messages itself, and whose end is the actor's. */
export type LocalActorFunction<Message, Reply = void> = (
  context: LocalContext<Message, Reply>,
) => LocalActor<Message, Reply> | Promise<void>;

/** What a local actor does: a class, a function that makes one, or a body. */
export type LocalBehaviour<Message, Reply = void> =
  | LocalActorClass<Message, Reply>
  | LocalActorFunction<Message, Reply>;
