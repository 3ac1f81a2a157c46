import type { EventFields } from '../../observability/event-log';

/** Looks after the code of actors while it runs. */
export interface TurnObserver {
  /** Runs code of an actor: that of a turn, or of a hook when there is no turn. */
  within<T>(turn: EventFields | undefined, code: () => T): T;
  /** The turn has ended. */
  ended(turn: EventFields): void;
  /** Somebody reached for the world: a timer, another actor, a state. */
  reached(): void;
}
