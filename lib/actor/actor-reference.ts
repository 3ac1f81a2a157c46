import type { ActorId } from '../identity/actor-id';
import type { ActorKey } from '../identity/actor-key';
import type { Constructor } from '../injection/token';
import type { CallOptions } from './call-options';
import type { DeliverOptions } from './deliver-options';
import type { HookName } from './hooks';

/** A class of actors. */
export type ActorClass<T = object> = Constructor<T>;

type AsyncMethod = (...args: never[]) => Promise<unknown>;

/**
 * The names that a reference has: the public ones but for the hooks. They are distinguished by name alone, and what is behind
 * a name is looked at only when it is used: otherwise no method of a class could take a reference to that class.
 */
type MemberName<T> = Exclude<keyof T, HookName>;

/** What a reference has in place of a public member that is no asynchronous method: nothing that can be called or used. */
export interface NotCallableThroughReference {
  readonly onlyAsynchronousMethodsCanBeCalledThroughReferences: never;
}

/** The methods of an actor as a reference has them. */
export type ActorMethods<T> = {
  readonly [K in MemberName<T>]: T[K] extends AsyncMethod ? T[K] : NotCallableThroughReference;
};

/** The methods of an actor as one-way sends: nothing comes back, not even an error. */
export type OneWayMethods<T> = {
  readonly [K in MemberName<T>]: T[K] extends (...args: infer A) => Promise<unknown>
    ? (...args: A) => void
    : NotCallableThroughReference;
};

/** The methods of an actor as sends that wait for room: they resolve when the actor's mailbox has taken the message. */
export type TrySendMethods<T> = {
  readonly [K in MemberName<T>]: T[K] extends (...args: infer A) => Promise<unknown>
    ? (...args: A) => Promise<void>
    : NotCallableThroughReference;
};

/** The methods of an actor as messages that must arrive. */
export type DeliverMethods<T> = {
  readonly [K in MemberName<T>]: T[K] extends (...args: infer A) => Promise<unknown>
    ? (...args: A) => Promise<void>
    : NotCallableThroughReference;
} & {
  /** The same methods, delivered later, under a name, or with more said about the request. */
  $with(options: DeliverOptions): DeliverMethods<T>;
};

/** The controls of a reference; they stand behind `$` so that they never meet a handler's name. */
export interface ReferenceControls<T> {
  /** Whom the reference means. */
  readonly $id: ActorId;
  /** The same actor, called with these options. */
  $with(options: CallOptions): ActorReference<T>;
  /** The same methods, one-way: they return at once, and nothing comes back. */
  readonly $send: OneWayMethods<T>;
  /**
   * The same methods, one-way, for a sender that wants to know whether there is room: they resolve when the actor's
   * mailbox has taken the message, and reject at once with MAILBOX_FULL when it is full.
   */
  readonly $trySend: TrySendMethods<T>;
  /**
   * The same methods, as messages that must arrive, surely and, where the handler is idempotent, once: whatever fails meanwhile, they are sent until the handler has
   * executed them. In a turn of an actor with something durable a message goes with the turn's next commit, or not at all, and the promise is resolved at once; otherwise it resolves when the
   * store holds the message. What the handler refuses again and again becomes a dead letter: see `runtime.deadLetters()`.
   */
  readonly $deliver: DeliverMethods<T>;
  /** The static actor of the node that listens on the address. @throws MoonpoolError INVALID_OPTION for a virtual actor. */
  $on(address: string): ActorReference<T>;
}

/** Whoever gives references to actors. Making one does no input or output. */
export interface ActorReferences {
  /**
   * A reference to the actor of this class and key. A key that is missing is refused, by the compiler and at run time: it must never
   * mean an actor that others share. @throws MoonpoolError UNKNOWN_ACTOR, INVALID_ACTOR_ID
   */
  actor<T extends object>(type: ActorClass<T>, key: ActorKey): ActorReference<T>;
  /**
   * A reference to the static actor of this node; that of another one is meant by `$on`. Only for classes that are declared
   * with `@Actor({ static: true })`. @throws MoonpoolError UNKNOWN_ACTOR, INVALID_ACTOR_ID
   */
  actor<T extends object>(type: ActorClass<T>): ActorReference<T>;
}

/**
 * A typed reference to an actor, wherever it is or will be. Making one does no input or output. It is never thenable, so
 * it can be awaited and returned from async functions.
 */
export type ActorReference<T> = ActorMethods<T> & ReferenceControls<T>;
