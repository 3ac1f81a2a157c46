import { isMoonpoolError, type MoonpoolError } from 'moonpool';

/** How calls may end in a world with faults: answered, or by an error of Moonpool that no handler has thrown. Anything else fails the run. */
export async function settle<T>(calls: readonly Promise<T>[]): Promise<readonly (T | MoonpoolError)[]> {
  const ends = await Promise.allSettled(calls);
  return ends.map((end) => {
    if (end.status === 'fulfilled') return end.value;
    const error: unknown = end.reason;
    if (!isMoonpoolError(error) || error.code === 'HANDLER_FAILED') throw error;
    return error;
  });
}
