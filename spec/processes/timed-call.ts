import { describeError, type SeenError } from './seen-error';

/** What came of a call that was made somewhere. */
export interface Outcome {
  /** The name of the node that made the call; `client` for the process of the specs. */
  readonly caller: string;
  readonly value?: unknown;
  readonly error?: SeenError;
  /**
   * How many milliseconds after its deadline the call was settled; 0 or less when it was in time. What the process itself
   * was late at that moment does not count.
   */
  readonly lateMs: number;
}

/** Makes the call, and says what came of it and whether that came in time. @param timeoutMs what the call was given. */
export async function timedCall(caller: string, timeoutMs: number, call: () => Promise<unknown>): Promise<Outcome> {
  let dueAt = performance.now() + timeoutMs;
  const due = setTimeout(() => (dueAt = performance.now()), timeoutMs);
  try {
    const value = await call();
    return { caller, value, lateMs: performance.now() - dueAt };
  } catch (error) {
    return { caller, error: describeError(error), lateMs: performance.now() - dueAt };
  } finally {
    clearTimeout(due);
  }
}
