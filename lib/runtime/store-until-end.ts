import { MessagingOptions } from '../calls/messaging-options';
import { MoonpoolError } from '../errors/moonpool-error';
import type { NodeContainer } from '../injection/node-container';
import { relayed, type StoreOperation } from '../providers/store-operations';
import { TimeLimits } from '../providers/time-limits';
import { TimeProvider } from '../providers/time-provider';
import { STATE_OPERATIONS, StateStorage } from '../storage/state-storage';

/**
 * The store as whoever holds a runtime asks it. When that has ended its store may be closed, or may be that of others too, in memory: either way
 * nothing is asked of it, and the error says that the runtime has ended and not that the store is out of reach. An engine that never answers keeps
 * nobody waiting for longer than a call would.
 */
export function storeUntilEnd(container: NodeContainer, hasEnded: () => boolean): StateStorage {
  const [store, time] = [container.get(StateStorage), container.get(TimeProvider)];
  const { callTimeoutMs: limitMs } = container.get(MessagingOptions);
  const ask = async (
    operation: StoreOperation,
    method: (...given: never[]) => Promise<unknown>,
    args: readonly unknown[],
  ): Promise<unknown> => {
    if (hasEnded()) throw afterEnd(`The store was not asked to ${operation.does}`);
    const limits = new TimeLimits(time);
    const asked = Promise.resolve(method.apply(store, args as never[]));
    return limits.within(limitMs, asked, () => unanswered(operation, limitMs)).finally(() => limits.stop());
  };
  return relayed<StateStorage>(
    STATE_OPERATIONS,
    (operation, args, method) => ask(operation, store[method], args),
    store,
  );
}

/** For what is asked of a runtime that has ended, whatever its parts would say of that. @param what was not done. */
export function afterEnd(what: string): MoonpoolError {
  return new MoonpoolError('RUNTIME_NOT_READY', { message: `${what}: the runtime has ended` });
}

function unanswered({ does, reads }: StoreOperation, limitMs: number): MoonpoolError {
  return new MoonpoolError('STORAGE_UNAVAILABLE', {
    message: `The store was asked to ${does} and did not answer within ${limitMs} ms`,
    executed: reads === true ? 'no' : 'maybe',
    remedy: 'Find what the store waits for; or, where it needs that long, raise `messaging.callTimeoutMs`.',
  });
}
