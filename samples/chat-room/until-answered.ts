import { isMoonpoolError, type ErrorCode } from 'moonpool';

/** How a call is repeated. */
export interface Patience {
  sleep(ms: number): Promise<void>;
  /** True when nobody wants the answer any more; the last error is the answer then. */
  isOver?(): boolean;
  /** Is told of each failed attempt. */
  onRetry?(error: unknown): void;
}

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 1_000;

/** What would fail again, however often it is tried. */
const FINAL: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'INVALID_PAYLOAD',
  'UNKNOWN_ACTOR',
  'UNKNOWN_HANDLER',
  'INVALID_ACTOR_ID',
  'UNSERIALIZABLE_VALUE',
]);

/** Repeats a call until an answer comes, be it a refusal of the actor: right for what may be repeated, and only for that. */
export async function untilAnswered<T>(patience: Patience, attempt: () => Promise<T>): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isMoonpoolError(error) || FINAL.has(error.code) || patience.isOver?.() === true) throw error;
      patience.onRetry?.(error);
      await patience.sleep(waitMs);
    }
  }
}
