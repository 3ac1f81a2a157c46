import type { ActorReference } from 'moonpool';
import type { BankAccount } from './bank-account';

/** A transfer of money between two accounts. Its id is the key under which it is executed once. */
export interface Transfer {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly amount: number;
}

/** Where a transfer finds its accounts: by a client of real nodes, or of simulated ones. */
export interface Teller {
  account(key: string): ActorReference<BankAccount>;
}

/** Milliseconds after which a teller gives up: no outage should last so long. */
export const PATIENCE_MS = 600_000;

/** Moves the money, however often nodes die meanwhile. When it is done, the money has left the one account and is sure to reach the other. */
export async function transfer(teller: Teller, { id, from, to, amount }: Transfer): Promise<'done' | 'refused'> {
  const account = teller.account(from).$with({ idempotencyKey: id, timeoutMs: PATIENCE_MS });
  return (await account.withdraw({ transfer: id, to, amount })) ? 'done' : 'refused';
}
