import type { ActorId } from '../identity/actor-id';
import type { NodeId } from '../identity/node-id';
import { token } from '../injection/token';
import type { Logger } from '../observability/logger';
import type { RandomProvider } from '../providers/random-provider';
import type { TimeProvider } from '../providers/time-provider';
import type { ActorClass, ActorReference } from './actor-reference';

/** What an activation knows of itself and of the world; an actor asks for it with `@inject(ActorContext)`. */
export interface ActorContext {
  readonly id: ActorId;
  /** The key of this actor; the empty string for a static actor. */
  readonly key: string;
  /** The node that this activation lives on. */
  readonly node: NodeId;
  /** Clocks and waits. Use these and not the ambient ones, so that a simulation can run the actor. */
  readonly time: TimeProvider;
  /** Randomness, for the same reason. */
  readonly random: RandomProvider;
  readonly logger: Logger;
  /** A reference to another actor; calls made through it carry the deadline and the call chain of the present turn. */
  actor<T extends object>(type: ActorClass<T>, key?: string): ActorReference<T>;
  /** Ends this activation once its mailbox is empty; the next call activates the actor anew. */
  deactivateOnIdle(): void;
}
export const ActorContext = token<ActorContext>('ActorContext');
