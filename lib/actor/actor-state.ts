/**
 * The durable state of an actor: a field marked with `@Persist(Class)`. It is loaded before `onActivate` and belongs to
 * this activation alone until a newer activation claims it.
 */
export abstract class ActorState<T> {
  /** The state in memory: an instance of the class given to `@Persist`. Changes are durable only after `persist`, or after the turn with `persist: 'after-turn'`. */
  abstract value: T;
  /** True when the store holds this state: it did when the actor was activated, or it was persisted since, and was not cleared. */
  abstract readonly exists: boolean;
  /** Changes whenever anything of this actor is written in the storage of this state: compare it, and read nothing else into it. */
  abstract readonly version: number;
  /**
   * Resolves when the present value is durable, and with it what else the turn has decided: deliveries, reminders. Of a state in a named storage, the value alone.
   * @throws MoonpoolError STATE_FENCED when a newer activation exists: this one has ended. STORAGE_UNAVAILABLE when the
   * store did not answer and the outcome could not be learnt. UNSERIALIZABLE_VALUE when the value holds what cannot be
   * stored, STATE_INVALID when it breaks a rule of its class, STATE_TOO_LARGE when it is too much. This activation ends then too, and the next one begins from what was stored.
   */
  abstract persist(): Promise<void>;
  /** Removes the state from the store, and gives `value` a new instance of its class. Resolves, and throws, as {@link persist} does. */
  abstract clear(): Promise<void>;
  /** Gives `value` what was persisted last, or a new instance of its class when nothing was. Changes since then are lost. */
  abstract reload(): Promise<void>;
}
