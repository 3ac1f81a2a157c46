import type { Constructor } from '../injection/token';
import {
  anyOf,
  anything,
  callback,
  choice,
  count,
  delay,
  duration,
  flag,
  list,
  mandatory,
  text,
  type OptionKind,
} from '../options/option-kind';
import { group, optionTable } from '../options/option-table';
import { ACCEPTED_WORDS, isAccepted, isAcceptedParameters, type Accepted, type AcceptedParameters } from './accepted';
import { FIRST_CLASS_VERSION, MAX_CLASS_VERSION, type VersionPolicy } from './class-version';
import type { MethodForm } from './method-form';

/** A call as a predicate of `@Reentrant` sees it. */
export interface CallDescription {
  readonly method: string;
  readonly args: readonly unknown[];
}

/**
 * Which calls may have a turn while another one is not over. `true`: all. `call-chain`: those that come back to an actor
 * by way of the very turn that waits for them. A predicate: those for which it is true.
 */
export type Reentrancy = boolean | 'call-chain' | ((call: CallDescription) => boolean);

/** What becomes of a call that finds the mailbox full: it is refused, or the oldest one that waits is. */
export type MailboxOverflow = 'refuse' | 'drop-oldest';

/** The options of `@StatelessWorker`. */
export interface StatelessWorkerOptions {
  /** How many activations of one key a node may have. Default: 8. */
  readonly maxPerNode?: number;
}

export const STATELESS_WORKER_OPTIONS = optionTable<StatelessWorkerOptions>({ maxPerNode: count(1) });

/** What may say which calls overlap. */
export const reentrancy = anyOf(
  "true, false, 'call-chain' or a predicate",
  (value) => typeof value === 'boolean' || typeof value === 'function' || value === 'call-chain',
);

/** The options of `@Actor`. */
export interface ActorOptions {
  /**
   * The name of the actor type on the wire, in the directory and in the store. It is given and never taken from the
   * class, so that renaming or minifying the class loses no state.
   */
  readonly name: string;
  /** Milliseconds without a call after which an activation may be deactivated. Default: 600,000. */
  readonly idleTimeoutMs?: number;
  /** How many calls may wait for one activation. Default: 1,000. */
  readonly mailboxCapacity?: number;
  /** Who gets MAILBOX_FULL when one call more comes: it, or the one that has waited longest. Default: `refuse`. */
  readonly overflow?: MailboxOverflow;
  /** Which calls may have a turn while another one is not over; `@Reentrant` says the same. Default: false. */
  readonly reentrant?: Reentrancy;
  /** A node may have several activations of one key; `@StatelessWorker` says the same. Default: one in the cluster. */
  readonly statelessWorker?: StatelessWorkerOptions;
  /**
   * Its actors have no key: each node has one of its own, and `actor(Type)` means that of this node, `actor(Type).$on(address)` that of another. Default: false:
   * its actors have keys, and no reference can be made without one.
   */
  readonly static?: boolean;
  /**
   * The name of the strategy that says on which node an actor is activated: `best-of-two`, `hash`, `least-loaded`, `local`, `random`, or one that a module contributes to
   * `Placements`. Default: what is bound to `PlacementStrategy`, which is the best of two.
   */
  readonly placement?: string;
  /**
   * When what a turn has changed in the states is written. `explicit`: when a handler calls `persist()`. `after-turn`: when the turn has ended, all in one commit; its answer and its messages
   * leave when that is durable, and what a handler changed before it threw is undone. Default: `explicit`.
   */
  readonly persist?: 'explicit' | 'after-turn';
  /**
   * The version of the class, a whole number from 1: 1 more when its callers need something that earlier ones lack, or when a state or an event gets a new version. Calls carry that of their
   * caller's class, and are brought to an activation of at least that version. Default: 1.
   */
  readonly version?: number;
  /**
   * Whom its actors answer while several versions run side by side. `compatible`: callers of their version and of earlier ones; of later ones too, while no node has a later version. `strict`: callers
   * of their version; others get ACTOR_VERSION_MISMATCH or NO_NODE_AVAILABLE, and no turn. Default: `compatible`.
   */
  readonly versionPolicy?: VersionPolicy;
  /** It is no actor but a class of observers: `@Observer` says so. */
  readonly observes?: boolean;
}

/** What else it may not be is looked at with the names of all other classes. */
const wireName = mandatory(anything);

export const ACTOR_OPTIONS = optionTable<ActorOptions>({
  name: wireName,
  idleTimeoutMs: duration(),
  mailboxCapacity: count(1),
  overflow: choice('refuse', 'drop-oldest'),
  reentrant: reentrancy,
  statelessWorker: group(STATELESS_WORKER_OPTIONS),
  static: flag(),
  placement: text('the name of a placement'),
  persist: choice('explicit', 'after-turn'),
  version: count(FIRST_CLASS_VERSION, MAX_CLASS_VERSION),
  versionPolicy: choice('compatible', 'strict'),
  observes: flag(),
});

/** What `@Observer` notes of its options. */
export const OBSERVER_OPTIONS = optionTable<Pick<ActorOptions, 'name' | 'mailboxCapacity' | 'observes'>>({
  name: wireName,
  mailboxCapacity: count(1),
  observes: flag(),
});

/** The options of `@Handler`. */
export interface HandlerOptions {
  /**
   * What each argument is, in order, so that it is checked: a payload class, `String` and its like, `Date`, an actor class, an enum,
   * `[Class]` for a list, what `oneOf`, `nullable` and their like make; `unchecked`, for one or for all, when anything will do. Needed where
   * the compiler emits no decorator metadata, and where the declared types do not tell: unions, interfaces, what is in lists and maps.
   */
  readonly accepts?: AcceptedParameters;
  /** What the result is, which the caller receives checked, classes as instances; a list of them too. Default: plain data. */
  readonly returns?: Accepted;
  /**
   * The handler changes nothing, so that its turns may overlap those of other handlers that change nothing. With `persist: 'after-turn'` one that changes something all the same fails with READ_ONLY_HANDLER
   * where that is seen: see `persistence.checksReadOnly`. Default: false.
   */
  readonly readOnly?: boolean;
  /** Its turns may overlap all others; `@AlwaysInterleave` says the same. Default: false. */
  readonly alwaysInterleave?: boolean;
  /** Milliseconds that a call of this handler may take unless the call says otherwise. Default: 30,000. */
  readonly timeoutMs?: number;
  /**
   * Arguments and result are frozen and, between actors of one process, passed without a copy. Maps, sets, dates and typed arrays
   * cannot be frozen: neither side may change them. Default: false: each side has its own copy.
   */
  readonly share?: boolean;
  /**
   * Each call is executed once, however often it is repeated: its caller's runtime repeats it under one key until there is an answer or its time is over, and the actor remembers the answer. The actor
   * must have durable state. Default: false.
   */
  readonly idempotent?: boolean;
  /**
   * Whether a call of it counts as use, so that its actor is not let go for being idle: `false` for what merely looks, such as a page that shows many actors again and again. It still
   * activates an actor that is not active. Default: true.
   */
  readonly keepsAlive?: boolean;
}

export const HANDLER_OPTIONS = optionTable<HandlerOptions>({
  accepts: anyOf(
    `${ACCEPTED_WORDS}, or a list of such with undefined where the compiler is to say it`,
    isAcceptedParameters,
  ),
  returns: anyOf(ACCEPTED_WORDS, isAccepted),
  readOnly: flag(),
  alwaysInterleave: flag(),
  timeoutMs: duration(),
  share: flag(),
  idempotent: flag(),
  keepsAlive: flag(),
});

/** What `@Handler` notes about a method. */
export interface HandlerRecord {
  readonly method: string;
  readonly options: HandlerOptions;
  /** True when the decorator stood on a static member. */
  readonly isStaticMember: boolean;
  /** True when the decorator stood on a method and not on a field or an accessor. */
  readonly isMethod: boolean;
  /** The parameter types that the compiler emitted, if it did. */
  readonly emittedTypes: readonly unknown[] | undefined;
  /** What the text of the method says of its parameters; undefined when the decorator stood on something else. */
  readonly form: MethodForm | undefined;
}

/** The options of `@Timer`. Times are in milliseconds. */
export interface TimerOptions {
  /** From one tick to the next. Ticks that come due while one is not over are left out. */
  readonly everyMs: number;
  /** From the activation to the first tick. Default: `everyMs`. */
  readonly afterMs?: number;
  /** The actor is not deactivated for being idle, also between the ticks. Default: false. */
  readonly keepsAlive?: boolean;
}

export const TIMER_OPTIONS = optionTable<TimerOptions>({
  everyMs: mandatory(duration()),
  afterMs: delay(),
  keepsAlive: flag(),
});

/** What `@Timer` notes about a method. */
export interface TimerRecord {
  readonly method: string;
  readonly options: TimerOptions;
  readonly isStaticMember: boolean;
  readonly isMethod: boolean;
}

/** Makes of a state, as plain data of one version, that of the next version. It may change what it is given. */
export type StateUpcast = (stored: Record<string, unknown>) => Record<string, unknown>;

/** The options of `@Persist`. */
export interface PersistOptions {
  /** The name of the state in the store. Default: the name of the field. */
  readonly name?: string;
  /** The version of the shape of its class: 1 more whenever what is stored must be read in another way. Default: 1. */
  readonly version?: number;
  /** One function for each version before the present one, the first for version 1: it makes the plain data of the next version. */
  readonly upcast?: readonly StateUpcast[];
  /**
   * The rules that class-validator knows of its class hold for what is stored: what breaks them is neither written nor served. False
   * when they are meant for something else. Default: true.
   */
  readonly validate?: boolean;
  /**
   * The name of the storage that keeps it, which a module gives to one: `namedStorage('archive', sqlite({ file }))`. The state then has a record, a claim and a version of its own, and is
   * written by its own `persist()` alone. Default: the storage that keeps everything else of the actor.
   */
  readonly storage?: string;
}

export const PERSIST_OPTIONS = optionTable<PersistOptions>({
  name: text('a name'),
  version: count(1, 65_535),
  upcast: list('a list of functions', callback('a function (stored) => stored of the next version')) as OptionKind<
    readonly StateUpcast[]
  >,
  validate: flag(),
  storage: text('the name of a storage'),
});

/** What `@Reminder` notes about a method. */
export interface ReminderRecord {
  readonly method: string;
  /** The name of the reminder: the method unless the decorator was given another. */
  readonly name: string;
  readonly isStaticMember: boolean;
  readonly isMethod: boolean;
}

/** What `@Persist` notes about a field. */
export interface PersistRecord {
  readonly property: string;
  /** The class of the state. */
  readonly type: Constructor<object>;
  /** The name of the state in the store: the property unless the decorator was given another. */
  readonly name: string;
  readonly isStaticMember: boolean;
  /** The version of the shape of its class; 1 for the first. */
  readonly version: number;
  /** Each makes of the plain data of one version that of the next, from the first on. */
  readonly upcasts: readonly StateUpcast[];
  /** What is stored keeps the rules of its class. */
  readonly isValidated: boolean;
  /** The name of the storage that keeps it; undefined for the one that keeps everything else of the actor. */
  readonly storage: string | undefined;
  /** As they were given. */
  readonly options: PersistOptions;
  /** True when the decorator stood on a field and not on a method or an accessor. */
  readonly isField: boolean;
  /** The type of the field that the compiler emitted, if it did. */
  readonly emittedType: unknown;
}
