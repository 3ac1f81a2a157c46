import type { ActorReferences } from '../../actor/actor-reference';
import type { RandomProvider } from '../../providers/random-provider';
import type { History } from '../checkers/histories/history';
import type { Nemesis } from './nemesis';

/** What an operation on an actor is called in the history. */
export interface WorkloadOperation {
  readonly operation: string;
  readonly key: string;
  readonly argument?: unknown;
}

/**
 * The outcome of an operation. `thrown`: its turn ended with an error of the actor; the history has it as `ok` with the result
 * `{ threw: message }`, for that is what the actor answered.
 */
export type Attempt<T> =
  | { readonly outcome: 'ok'; readonly result: T }
  | { readonly outcome: 'thrown' | 'failed' | 'unknown'; readonly error: unknown };

/** The world as one client of a workload sees it; the same in a simulation and on real nodes. */
export interface WorkloadContext extends ActorReferences {
  /** The seed of the run. */
  readonly seed: number;
  /** The name of this client, such as `client1`. */
  readonly client: string;
  /** The number of this client, from 0. */
  readonly clientIndex: number;
  readonly clientCount: number;
  /** Where the nodes listen, as `$on` takes it, in the order of their names. */
  readonly nodeAddresses: readonly string[];
  /** Randomness of this client alone, from the seed: what others draw does not move it. */
  readonly random: RandomProvider;
  /** What the clients of this workload did, for the checkers. */
  readonly history: History;
  /** Makes trouble on purpose. */
  readonly nemesis: Nemesis;
  /** Milliseconds since the run began. */
  readonly now: number;
  sleep(ms: number): Promise<void>;
  /** Declares that the condition should be true in some run. */
  sometimes(name: string, condition: boolean): void;
  /**
   * Calls an actor once and takes the operation down in the history, with the witness of the answer. Never rejects: a call may
   * fail, and that is an outcome.
   */
  attempt<T>(operation: WorkloadOperation, call: () => Promise<T>): Promise<Attempt<T>>;
}
