import { AsyncLocalStorage } from 'node:async_hooks';
import { LooseScope } from '../calls/loose-scope';
import type { CallScope } from '../calls/request';
import type { Turn } from './turn';

/**
 * One for the whole process: Node.js 20 keeps each storage that was ever used, and asks every one of them at every promise.
 * Nothing of one node can be seen by another, for each asks only about turns of its own.
 */
const storage = new AsyncLocalStorage<Turn>();

/** False while no turn was ever tracked in the process, as in most: asking the storage costs each call something. */
let isUsed = false;

/**
 * Knows which turn some code belongs to where turns of one actor overlap. It costs every promise of the process something
 * from its first use on, so turns that cannot overlap others do without it.
 */
export const turnTracker = {
  /** The turn whose code is running; undefined outside of turns, and in turns that are not tracked. */
  get current(): Turn | undefined {
    return isUsed ? storage.getStore() : undefined;
  },

  run<T>(turn: Turn, code: () => T): T {
    isUsed = true;
    return storage.run(turn, code);
  },
};

/**
 * The scope of calls by references that belong to no turn: undefined outside of tracked turns. Within one that is under way they are
 * calls that it may be waiting for.
 */
export function looseScope(): CallScope | undefined {
  // Asked before anything else: this is asked at each call.
  if (!isUsed) return undefined;
  const turn = turnTracker.current;
  return turn?.isLinked === true ? new LooseScope(turn, undefined) : undefined;
}
