import type { MoonpoolError } from '../errors/moonpool-error';
import { token } from '../injection/token';
import type { ActorDescriptor } from '../metadata/actor-descriptor';
import type { HandlerEnd } from './handler-end';
import type { Turn, TurnDurability } from './turn';

/** The activation that durable state belongs to. */
export interface DurableOwner {
  /** The name under which its state is kept: the path of the actor, and of a static actor the name of its node besides. */
  readonly stateKey: string;
  /** The id of the activation, unique in the cluster: what it writes can be distinguished from what any other has written. */
  readonly id: string;
  readonly descriptor: ActorDescriptor;
  /** The turn in progress: references that were stored make their calls in it. */
  readonly scope: () => Turn | undefined;
  /** What is durable has failed, which may be while no turn is under way: the activation must end. */
  onDurableFailure(): void;
}

/**
 * What is durable of one activation, as its life and its turns know it. An activation claims it before it is constructed,
 * asks at the end of each turn what has to be durable before the answer may leave, and ends when it has failed. Whatever
 * a turn decides is written through here.
 */
export interface DurableState extends TurnDurability {
  /** The number of the claim; 0 when there is none. */
  readonly epoch: number;
  /** How many writes there were; 0 when nothing is written. */
  readonly version: number;
  /** Why the activation must end: what it holds in memory may not be what is stored. Undefined while it is sound. */
  readonly failure: MoonpoolError | undefined;
  /** The next turn may begin while the commit of the one before is under way: its own answer waits for both. */
  readonly mayOverlap: boolean;
  /**
   * Takes what is stored: whoever had it before can write no more. Undefined when there is nothing to take.
   * @throws MoonpoolError STORAGE_UNAVAILABLE, STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED, and what the constructor of a state throws
   */
  claim(): Promise<void> | undefined;
  /** Gives the actor, which was just constructed, its durable fields. @throws MoonpoolError INVALID_ACTOR_CLASSES */
  attach(instance: object): void;
  /**
   * What the handler of the turn's call, which has an idempotency key, came to before, when that is durable; undefined when it
   * is to be executed.
   * @throws MoonpoolError NOT_IDEMPOTENT, CALL_DEADLOCK, IDEMPOTENCY_KEY_REUSED, IDEMPOTENT_CALL_BROKEN, and as reading does
   */
  recall(turn: Turn): Promise<HandlerEnd | undefined>;
  /** The call that was asked about is not executed after all. */
  forgo(turn: Turn): void;
  /**
   * The handler of the turn has ended with this answer, or filters have kept the call from it: resolves when the answer may leave. Undefined when it may leave
   * at once. Rejects with {@link failure}, or with why nothing was written.
   */
  commit(turn: Turn, answer: unknown): Promise<void> | undefined;
  /** The handler of the turn has thrown this error. As {@link commit}. */
  abandon(turn: Turn, error: unknown): Promise<void> | undefined;
  /** Resolves when what is on its way to the store is durable; undefined when nothing is. Rejects with {@link failure}. */
  readonly pending: Promise<void> | undefined;
  /** Resolves when all that was begun or changed is durable; undefined when nothing is to be written. */
  settled(): Promise<void> | undefined;
  /** The activation has ended in order, and all that it has begun to write is durable: whoever has forgotten to write something is told. */
  ended(): void;
}

/** What of actors is durable on a node, and how: the default keeps their states in the {@link StateStorage}. */
export interface DurableStates {
  /** The durable state of a new activation; nothing is claimed by that. */
  open(owner: DurableOwner): DurableState;
}
export const DurableStates = token<DurableStates>('DurableStates');
