import { AsyncLocalStorage } from 'node:async_hooks';
import type { Turn } from './turn';

/**
 * One for the whole process: Node.js 20 keeps each storage that was ever used, and asks every one of them at every promise.
 * Nothing of one node can be seen by another, for each asks only about turns of its own.
 */
const storage = new AsyncLocalStorage<Turn>();

/**
 * Knows which turn some code belongs to where turns of one actor overlap. It costs every promise of the process something
 * from its first use on, so turns that cannot overlap others do without it.
 */
export const turnTracker = {
  /** The turn whose code is running; undefined outside of turns, and in turns that are not tracked. */
  get current(): Turn | undefined {
    return storage.getStore();
  },

  run<T>(turn: Turn, code: () => T): T {
    return storage.run(turn, code);
  },
};
