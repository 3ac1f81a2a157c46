import type { ActorId } from '../identity/actor-id';
import type { RunQueue } from '../scheduling/run-queue';
import type { DurableState } from './durable-state';
import type { Turn } from './turn';

/** The activation as a turn sees it. */
export interface TurnSubject {
  readonly id: string;
  readonly target: ActorId;
  /** What of it is durable. */
  readonly durable: DurableState;
  /** Where its turns wait for the event loop. */
  readonly runQueue: Pick<RunQueue, 'isExhausted' | 'wait' | 'noteTime'>;
  /** Lets the next turn begin. */
  onTurnEnded(turn: Turn): void;
}
