import { MoonpoolError } from '../../../../errors/moonpool-error';
import type { Model } from '../model';

/** What a register holds. */
export type RegisterValue = string | number | boolean | undefined;

/** The argument of a compare-and-swap. */
export interface CompareAndSwap {
  readonly expected: RegisterValue;
  readonly replacement: RegisterValue;
}

/**
 * A register: `read` returns the value, `write` replaces it and returns nothing, `cas` replaces it if it is the expected one
 * and says whether it was.
 */
export function registerModel(initial: RegisterValue): Model<RegisterValue> {
  return {
    name: 'register',
    initial,
    step(state, { operation, argument }) {
      if (operation === 'read') return { state, result: state };
      if (operation === 'write') return { state: argument as RegisterValue, result: undefined };
      if (operation === 'cas') {
        const { expected, replacement } = argument as CompareAndSwap;
        return state === expected ? { state: replacement, result: true } : { state, result: false };
      }
      throw new MoonpoolError('INVALID_OPTION', {
        message: `The model of a register knows read, write and cas, not '${operation}'`,
        remedy: 'Record operations of these names, or give the checker a model of your own.',
      });
    },
    isRead: ({ operation }) => operation === 'read',
    stateKey: (state) => `${typeof state} ${String(state)}`,
  };
}
