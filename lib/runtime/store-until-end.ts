import { MoonpoolError } from '../errors/moonpool-error';
import { relayed } from '../providers/store-operations';
import { STATE_OPERATIONS, type StateStorage } from '../storage/state-storage';

/**
 * The store as whoever holds a runtime asks it. When that has ended its store may be closed, or may be that of others too, in memory: either way
 * nothing is asked of it, and the error says that the runtime has ended and not that the store is out of reach.
 */
export function storeUntilEnd(store: StateStorage, hasEnded: () => boolean): StateStorage {
  const ask = async (does: string, operation: (...given: never[]) => Promise<unknown>, args: readonly unknown[]) => {
    if (!hasEnded()) return operation.apply(store, args as never[]);
    throw new MoonpoolError('RUNTIME_NOT_READY', {
      message: `The store was not asked to ${does}: the runtime has ended`,
    });
  };
  return relayed<StateStorage>(STATE_OPERATIONS, ({ does }, args, method) => ask(does, store[method], args), store);
}
