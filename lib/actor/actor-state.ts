/**
 * The durable state of an actor: a field marked with `@Persist(Class)`. It is loaded before `onActivate` and belongs to
 * this activation alone until a newer activation claims it.
 */
export abstract class ActorState<T> {
  /** The state in memory: an instance of the class given to `@Persist`. Changes are durable only after `persist`. */
  abstract value: T;
  /** True when the store held this state when the actor was activated, or when it has been persisted since. */
  abstract readonly stored: boolean;
  /** How many times any state of this actor has been persisted. */
  abstract readonly version: number;
  /**
   * Resolves when the present value is durable.
   * @throws MoonpoolError STATE_FENCED when a newer activation exists: this one has ended. STORAGE_UNAVAILABLE when the
   * store did not answer and the outcome could not be learnt. UNSERIALIZABLE_VALUE when the value holds what cannot be
   * stored. This activation ends then too, and the next one begins from what was stored.
   */
  abstract persist(): Promise<void>;
}
