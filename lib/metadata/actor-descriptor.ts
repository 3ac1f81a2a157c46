import type { Addressing } from '../addressing/addressing';
import { token, type Constructor, type ServiceIdentifier } from '../injection/token';
import type {
  ActorOptions,
  HandlerOptions,
  PersistRecord,
  Reentrancy,
  ReminderRecord,
  TimerRecord,
} from './actor-record';
import type { ClassVersion } from './class-version';
import type { JournalRecord } from './journal-record';
import type { ParameterKind } from './parameter-kind';

/**
 * How turns of a handler go with others. `alone`: with none of the first two kinds. `read-only`: with others of its kind.
 * `interleaved`: with all.
 */
export type TurnMode = 'alone' | 'read-only' | 'interleaved';

/** A method that can be called through a reference. */
export interface HandlerDescriptor {
  readonly method: string;
  readonly options: HandlerOptions;
  readonly parameters: readonly ParameterKind[];
  /** From this parameter on, all arguments are of the last kind; undefined without a rest parameter. */
  readonly restIndex?: number | undefined;
  /** How its answers are checked at the caller; undefined when they are plain data. */
  readonly answer?: ParameterKind | undefined;
  readonly mode: TurnMode;
  /** True when a call of it may come back to an actor that waits for it, without waiting for itself. */
  readonly mayReenter: boolean;
  /** False when any arguments will do, so that nobody needs to look at them. */
  readonly checksArguments: boolean;
  /** That of its class, which calls of it carry; undefined for most. */
  readonly classVersion?: ClassVersion | undefined;
  /** Calls the method of the instance; the only way by which a call reaches user code. */
  readonly invoke: (instance: object, args: readonly unknown[]) => unknown;
}

/** Everything that the runtime knows of an actor class; dispatch goes only through its tables. */
export interface ActorDescriptor {
  readonly name: string;
  readonly type: Constructor<object>;
  readonly options: ActorOptions;
  readonly handlers: ReadonlyMap<string, HandlerDescriptor>;
  readonly states: readonly PersistRecord[];
  readonly journals: readonly JournalRecord[];
  readonly timers: readonly TimerRecord[];
  /** By the names of the reminders. */
  readonly reminders: ReadonlyMap<string, ReminderRecord>;
  /** Which calls may overlap a turn, besides those whose handlers say so themselves. */
  readonly reentrant: Reentrancy;
  /** Which turns of an activation may be under way at once: none, those that change nothing, or all sorts. */
  readonly overlap: 'none' | 'read-only' | 'all';
  /** Undefined for the first version of a class that is not strict. */
  readonly version?: ClassVersion | undefined;
  /** How its actors are addressed. */
  readonly addressing: Addressing;
  /** What the constructor needs, parameter by parameter. */
  readonly dependencies: readonly ServiceIdentifier<unknown>[];
}

/** The classes of actors and of observers that a process knows, by their wire names. */
export type KnownActors = ReadonlyMap<string, ActorDescriptor>;
export const KnownActors = token<KnownActors>('KnownActors');
