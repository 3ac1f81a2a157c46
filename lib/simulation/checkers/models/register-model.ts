import { MoonpoolError } from '../../../errors/moonpool-error';
import type { Model } from '../model';

/** The argument of a compare-and-swap. */
export interface CompareAndSwap<T> {
  readonly expected: T;
  readonly replacement: T;
}

/**
 * A register: `read` returns the value, `write` replaces it and returns nothing, `cas` replaces it if it is the expected one
 * and says whether it was. Values are texts, numbers, booleans or undefined.
 */
export function registerModel<T extends string | number | boolean | undefined>(initial: T): Model<T> {
  return {
    name: 'register',
    initial,
    step(state, { operation, argument }) {
      if (operation === 'read') return { state, result: state };
      if (operation === 'write') return { state: argument as T, result: undefined };
      if (operation === 'cas') {
        const { expected, replacement } = argument as CompareAndSwap<T>;
        return state === expected ? { state: replacement, result: true } : { state, result: false };
      }
      throw new MoonpoolError('INVALID_OPTION', { message: `The model of a register knows read, write and cas, not '${operation}'` });
    },
    isRead: ({ operation }) => operation === 'read',
    stateKey: (state) => `${typeof state} ${String(state)}`,
  };
}
