import { isMoonpoolError, type ActorReference, type ErrorCode } from 'moonpool';
import type { BankAccount } from './bank-account';

/** A transfer of money between two accounts. Its id makes repeating it harmless. */
export interface Transfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** What a transfer needs from where it runs: a program with real time, or a simulation. */
export interface Teller {
  account(key: string): ActorReference<BankAccount>;
  sleep(ms: number): Promise<void>;
  /** Is told of each failed attempt. */
  onRetry?(error: unknown): void;
}

/** Milliseconds that one attempt may take: short, because another attempt does no harm. */
const ATTEMPT_MS = 2_000;
const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 500;

/** Moves the money, however often nodes die meanwhile: first out of one account, then into the other. */
export async function transfer(teller: Teller, { id, from, to, amount }: Transfer): Promise<'done' | 'refused'> {
  const call = { timeoutMs: ATTEMPT_MS };
  const isCovered = await untilAnswered(teller, () =>
    teller.account(from).$with(call).withdraw({ transfer: id, to, amount }),
  );
  if (!isCovered) return 'refused';
  await untilAnswered(teller, () => teller.account(to).$with(call).deposit({ transfer: id, from, amount }));
  return 'done';
}

/**
 * Repeats a call until an answer comes. That is right only for operations that may be repeated, as those of the bank may:
 * whether an attempt that failed was executed does not matter then.
 */
export async function untilAnswered<T>(teller: Teller, attempt: () => Promise<T>): Promise<T> {
  for (let waitMs = FIRST_WAIT_MS; ; waitMs = Math.min(LONGEST_WAIT_MS, waitMs * 2)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isWorthRepeating(error)) throw error;
      teller.onRetry?.(error);
      await teller.sleep(waitMs);
    }
  }
}

/** What comes and goes with nodes, connections and the store; anything else would fail again, however often it is tried. */
const PASSING: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'CALL_TIMEOUT',
  'CONNECTION_LOST',
  'CONNECTION_FAILED',
  'CONNECTION_REFUSED',
  'HANDSHAKE_REFUSED',
  'NODE_UNREACHABLE',
  'NO_NODE_AVAILABLE',
  'NODE_FENCED',
  'STATE_FENCED',
  'ACTIVATION_FAILED',
  'STORAGE_UNAVAILABLE',
  'TOO_MANY_FORWARDS',
  'TOO_MANY_PENDING_CALLS',
  'MAILBOX_FULL',
  'NODE_OVERLOADED',
  'SEND_QUEUE_FULL',
]);

function isWorthRepeating(error: unknown): boolean {
  return isMoonpoolError(error) && PASSING.has(error.code);
}
