import { holds, violated, type Verdict } from './histories/verdict';

/** What a transfer did to an account: below 0 for a debit, above 0 for a credit. */
export interface Posting {
  readonly transfer: string;
  readonly account: string;
  readonly amount: number;
}

/** The books at rest, and what clients were told. */
export interface Books {
  /** What was in each account before the first transfer. */
  readonly opening: ReadonlyMap<string, number>;
  /** What is in each account now. */
  readonly closing: ReadonlyMap<string, number>;
  /** The entries of all accounts. */
  readonly postings: readonly Posting[];
  /** What clients learned of transfers, by id; those of which nobody knows are left out. */
  readonly acknowledged: ReadonlyMap<string, 'done' | 'refused'>;
}

const PROPERTY = 'conserving';

/**
 * Whether nothing was lost or made: every account holds what its entries say, every transfer has one debit and one credit of the
 * same amount or none at all, and what clients were told is so. Linear time.
 */
export function checkConservation({ opening, closing, postings, acknowledged }: Books): Verdict {
  const balances = new Map(opening);
  const transfers = new Map<string, Posting[]>();
  for (const posting of postings) {
    balances.set(posting.account, (balances.get(posting.account) ?? 0) + posting.amount);
    const others = transfers.get(posting.transfer);
    if (others === undefined) transfers.set(posting.transfer, [posting]);
    else others.push(posting);
  }
  const mistakes = [
    ...mistakesOfTransfers(transfers),
    ...mistakesOfPromises(transfers, acknowledged),
    ...mistakesOfBalances(balances, closing),
  ];
  if (mistakes.length > 0) return violated(PROPERTY, mistakes.slice(0, 10).join('; '));
  const total = [...closing.values()].reduce((sum, balance) => sum + balance, 0);
  return holds(PROPERTY, `${transfers.size} transfers between ${closing.size} accounts, which hold ${total}`);
}

function* mistakesOfTransfers(transfers: ReadonlyMap<string, readonly Posting[]>): Iterable<string> {
  for (const [id, entries] of transfers) {
    const debits = entries.filter(({ amount }) => amount < 0);
    const credits = entries.filter(({ amount }) => amount > 0);
    const sum = entries.reduce((total, { amount }) => total + amount, 0);
    const told = entries.map(({ account, amount }) => `${account} ${amount > 0 ? '+' : ''}${amount}`).join(', ');
    if (debits.length !== 1 || credits.length !== 1)
      yield `transfer ${id} has ${debits.length} debits and ${credits.length} credits (${told})`;
    else if (sum !== 0) yield `transfer ${id} took and gave different amounts (${told})`;
  }
}

function* mistakesOfPromises(
  transfers: ReadonlyMap<string, readonly Posting[]>,
  acknowledged: ReadonlyMap<string, 'done' | 'refused'>,
): Iterable<string> {
  for (const [id, outcome] of acknowledged) {
    const exists = transfers.has(id);
    if (outcome === 'done' && !exists) yield `transfer ${id} was acknowledged, and no account knows it`;
    if (outcome === 'refused' && exists) yield `transfer ${id} was refused, and accounts have entries of it`;
  }
}

function* mistakesOfBalances(
  expected: ReadonlyMap<string, number>,
  closing: ReadonlyMap<string, number>,
): Iterable<string> {
  for (const account of new Set([...expected.keys(), ...closing.keys()])) {
    const [should, is] = [expected.get(account) ?? 0, closing.get(account) ?? 0];
    if (should !== is) yield `account ${account} holds ${is}, and its entries make ${should}`;
  }
}
