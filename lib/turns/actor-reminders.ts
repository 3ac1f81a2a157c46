import type { ReminderOptions, SetReminder } from '../actor/reminder';
import type { ActorId } from '../identity/actor-id';
import { token } from '../injection/token';
import type { ActorDescriptor, HandlerDescriptor } from '../metadata/actor-descriptor';
import type { DurableState } from './durable-state';
import type { Turn } from './turn';

/** The activation whose reminders they are. */
export interface ReminderOwner {
  readonly target: ActorId;
  readonly descriptor: ActorDescriptor;
  readonly durable: DurableState;
}

/** The reminders of one activation. */
export interface ActorReminders {
  /** With the next commit of the turn, in place of one of the same name. @throws MoonpoolError INVALID_OPTION, UNKNOWN_REMINDER, OUTSIDE_OF_TURN, UNSERIALIZABLE_VALUE */
  remind(turn: Turn | undefined, name: string, options: ReminderOptions): void;
  /** With the next commit of the turn. @throws MoonpoolError UNKNOWN_REMINDER, OUTSIDE_OF_TURN */
  cancel(turn: Turn | undefined, name: string): void;
  /** Those that are set, what this turn decides included. @throws MoonpoolError STORAGE_UNAVAILABLE */
  list(): Promise<readonly SetReminder[]>;
  /** What is run for the call of a reminder; undefined when the name is that of something else. */
  workOf(method: string): HandlerDescriptor | undefined;
}

/** What makes the reminders of activations. */
export interface Reminders {
  /** Costs nothing until it is used. */
  open(owner: ReminderOwner): ActorReminders;
}
export const Reminders = token<Reminders>('Reminders');
