import { retry, type ActorReference } from 'moonpool';
import type { BankAccount } from './bank-account';

/** A transfer of money between two accounts. Its id makes repeating it harmless. */
export interface Transfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** Where a transfer finds its accounts: by a client of real nodes, or of simulated ones. */
export interface Teller {
  account(key: string): ActorReference<BankAccount>;
  /** Called with each failure that is followed by another attempt. */
  onRetry?(error: unknown): void;
}

/** Milliseconds that one attempt may take: short, because another attempt does no harm. */
const ATTEMPT_MS = 2_000;
/** Milliseconds after which a teller gives up: no outage should last so long. */
const PATIENCE_MS = 600_000;

/** Moves the money, however often nodes die meanwhile: first out of one account, then into the other. */
export async function transfer(teller: Teller, { id, from, to, amount }: Transfer): Promise<'done' | 'refused'> {
  const call = { timeoutMs: ATTEMPT_MS };
  const isCovered = await ask(teller, () => teller.account(from).$with(call).withdraw({ transfer: id, to, amount }));
  if (!isCovered) return 'refused';
  await ask(teller, () => teller.account(to).$with(call).deposit({ transfer: id, from, amount }));
  return 'done';
}

/**
 * Repeats a call until an answer comes. That is right only for operations that may be repeated, as those of the bank may:
 * whether an attempt that failed was executed does not matter then.
 */
export function ask<T>({ onRetry }: Teller, attempt: () => Promise<T>): Promise<T> {
  return retry(attempt, { deadlineMs: PATIENCE_MS, maxWaitMs: 500, ...(onRetry === undefined ? {} : { onRetry }) });
}
