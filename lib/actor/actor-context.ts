import type { ActorId } from '../identity/actor-id';
import type { KeyPart } from '../identity/actor-key';
import type { NodeId } from '../identity/node-id';
import { token } from '../injection/token';
import type { Logger } from '../observability/logger';
import type { RandomProvider } from '../providers/random-provider';
import type { TimeProvider } from '../providers/time-provider';
import type { ActorReferences } from './actor-reference';
import type { ActorTimer, ActorTimerOptions } from './actor-timer';
import type { ReminderOptions, SetReminder } from './reminder';
import type { RequestContext } from './request-context';

/**
 * What an activation knows of itself and of the world; an actor asks for it with `@inject(ActorContext)`.
 * Calls made through the references that it gives carry the deadline and the call chain of the present turn.
 */
export interface ActorContext extends ActorReferences {
  readonly id: ActorId;
  /** The key of this actor; the empty string for a static actor. */
  readonly key: string;
  /** What the key was made of: the items of a composite key, or the key alone; none for a static actor. */
  readonly keyParts: readonly KeyPart[];
  /** The node that this activation lives on. */
  readonly node: NodeId;
  /** Clocks and waits. Use these and not the ambient ones, so that a simulation can run the actor. */
  readonly time: TimeProvider;
  /** Randomness, for the same reason. */
  readonly random: RandomProvider;
  readonly logger: Logger;
  /** What was said about the request that the present turn serves. */
  readonly requestContext: RequestContext;
  /**
   * Aborts when the caller of the present turn waits no more: it has cancelled the call, or the deadline has come. Pass it
   * on to whatever the handler waits for. Outside of turns it never aborts.
   */
  readonly signal: AbortSignal;
  /**
   * Calls back again and again until it is cancelled or the activation ends. Each tick is a turn; one that fails is logged.
   * @throws MoonpoolError INVALID_OPTION
   */
  timer(callback: () => Promise<void> | void, options: ActorTimerOptions): ActorTimer;
  /**
   * Sets a reminder: the method marked with `@Reminder(name)` is called when it is due, whatever became of this activation and its node by then. It
   * is set with the next commit of this turn, together with what else the turn decides, or not at all; in place of one of the same name.
   * Rejects with INVALID_OPTION, UNKNOWN_REMINDER, UNSERIALIZABLE_VALUE, PACKET_TOO_LARGE, and with OUTSIDE_OF_TURN where nothing is committed.
   */
  remind(name: string, options: ReminderOptions): Promise<void>;
  /** Cancels a reminder, with the next commit of this turn: when that is durable, it is never executed any more. One that is not set is no mistake. */
  cancelReminder(name: string): Promise<void>;
  /** The reminders of this actor that are set, by their names, what this turn has decided included. Rejects with STORAGE_UNAVAILABLE. */
  reminders(): Promise<readonly SetReminder[]>;
  /**
   * Deletes the actor with the next commit of this turn: its states, journals, remembered answers and reminders, together or not at all; and ends this activation once its mailbox is
   * empty. States in named storages are deleted before that commit. The next call begins with nothing. Messages that were sent to it with `$deliver` still arrive. Rejects with OUTSIDE_OF_TURN where nothing is committed, and with STORAGE_UNAVAILABLE.
   */
  destroy(): Promise<void>;
  /** Keeps this activation from being deactivated for being idle, for so many milliseconds from now; 0 takes that back. */
  delayDeactivation(delayMs: number): void;
  /** Ends this activation once its mailbox is empty, at once if it is, in a turn or between turns; the next call activates the actor again. */
  deactivateOnIdle(): void;
  /**
   * As {@link deactivateOnIdle}, and has another node take the actor over: with what `onDehydrate` gives, and the calls that wait. When that does not succeed the activation ends all the same, and
   * the next call activates the actor again. One that is asked to end, or is destroyed, does not move.
   * @param to the node, or the address on which it listens. Default: one of the others, by the placement of the class.
   * @throws MoonpoolError MIGRATION_REFUSED when that node is not there, or does not host the class; INVALID_OPTION
   */
  migrateOnIdle(to?: NodeId | string): void;
}
export const ActorContext = token<ActorContext>('ActorContext');
