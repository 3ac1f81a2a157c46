import type { ReferenceSource } from '../actor/reference-source';
import type { CallScope } from '../calls/request';
import type { MoonpoolError } from '../errors/moonpool-error';
import type { Logger } from '../observability/logger';
import type { TaskProvider } from '../providers/task-provider';
import type { Reminders } from '../turns/actor-reminders';
import type { DurableStates } from '../turns/durable-state';
import type { TurnLoopParts } from '../turns/turn-owner';
import type { ActivationMoveParts } from './activation-move';
import type { ActivationRegistrar } from './activation-registrar';
import type { Succession } from './succession';

/** What activations of the type `A` need from their node. */
export interface PartsOfActivation<A> extends TurnLoopParts, ActivationMoveParts {
  readonly logger: Logger;
  readonly registrar: ActivationRegistrar;
  readonly succession: Pick<Succession, 'afterStored'>;
  /** For what is handed over. */
  readonly references: ReferenceSource<CallScope>;
  readonly tasks: TaskProvider;
  readonly durable: DurableStates;
  readonly reminders: Reminders;
  /** How many calls wait in a mailbox at most, if the class does not say. */
  readonly mailboxCapacity: number;
  /** How long it may take to become active, in milliseconds. */
  readonly activationLimitMs: number;
  /** Its constructor gets a context, and may make calls by it. */
  readonly speaks: boolean;
  /** Constructs the actor, with its context and what else its constructor asks for. */
  readonly construct: (activation: A) => object;
  /** The actor has become active. */
  readonly onActive: (activation: A) => void;
  /** The actor could not be activated; whoever has called it learns the error. */
  readonly onFailed: (activation: A, failure: MoonpoolError) => void;
  /** The activation has ended and takes no more requests. */
  readonly onEnded: (activation: A) => void;
}
