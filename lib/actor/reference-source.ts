import type { ActorClass, ActorReference } from './actor-reference';

/** Makes references; the port through which activations obtain them. */
export interface ReferenceSource<Scope> {
  /**
   * @param scope says in which turn a call is being made; undefined outside of turns.
   * @throws MoonpoolError UNKNOWN_ACTOR, INVALID_ACTOR_ID
   */
  reference<T extends object>(type: ActorClass<T>, key: string | undefined, scope: () => Scope | undefined): ActorReference<T>;
}
