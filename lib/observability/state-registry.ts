import { token } from '../injection/token';

/** What a part says about itself: data that JSON can hold. */
export type PlainState =
  | null
  | boolean
  | number
  | string
  | readonly PlainState[]
  | { readonly [name: string]: PlainState };

/**
 * The present state of a node by key: what each part says of itself when it is asked. Nothing is kept and nothing is told
 * by itself, so that publishing costs nothing until somebody looks: an operator, or an invariant of a simulation.
 */
export interface StateRegistry {
  /** The keys of all that is published, in order. */
  readonly keys: readonly string[];
  /**
   * Offers a state under a key, in place of what was there. @param read makes the state, now; it should be small, and must not
   * change anything. Returns the function that withdraws it. @throws MoonpoolError INVALID_OPTION beyond 10,000 keys.
   */
  publish(key: string, read: () => PlainState): () => void;
  /** The state of the key at present; undefined when nobody publishes it. One that cannot be read is `{ error }`. */
  read(key: string): PlainState | undefined;
}
export const StateRegistry = token<StateRegistry>('StateRegistry');
