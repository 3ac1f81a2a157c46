import { MoonpoolError } from '../../../../errors/moonpool-error';
import type { Model } from '../model';

/** A counter: `add` adds its argument and returns the sum, `read` returns it. */
export function counterModel(initial = 0): Model<number> {
  return {
    name: 'counter',
    initial,
    step(state, { operation, argument }) {
      if (operation === 'read') return { state, result: state };
      if (operation === 'add') return { state: state + (argument as number), result: state + (argument as number) };
      throw new MoonpoolError('INVALID_OPTION', {
        message: `The model of a counter knows add and read, not '${operation}'`,
        remedy: 'Record operations of these names, or give the checker a model of your own.',
      });
    },
    isRead: ({ operation }) => operation === 'read',
    stateKey: String,
  };
}
