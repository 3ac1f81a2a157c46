import type { ActorClass, ActorReference } from './actor-reference';
import type { CarriedActor, CarriedReference } from './carried-reference';

/** Makes references; the port through which activations obtain them. */
export interface ReferenceSource<Scope> {
  /**
   * @param keys what stood behind the class: the key of a virtual actor, or nothing at all for a static one.
   * @param scope says in which turn a call is being made; undefined outside of turns.
   * @throws MoonpoolError UNKNOWN_ACTOR, INVALID_ACTOR_ID
   */
  reference<T extends object>(
    type: ActorClass<T>,
    keys: readonly unknown[],
    scope: () => Scope | undefined,
  ): ActorReference<T>;
  /** A reference that came as a value. @throws MoonpoolError UNKNOWN_REFERENCE */
  received(actor: CarriedActor, scope: () => Scope | undefined): CarriedReference;
}
