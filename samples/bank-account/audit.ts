import { retry } from 'moonpool';
import type { Entry } from './bank-account';
import { PATIENCE_MS, type Teller, type Transfer } from './transfer';

/** What was acknowledged for each transfer: the ledger as the client saw it played. */
export type Acknowledged = ReadonlyMap<string, 'done' | 'refused'>;

/** An account as the audit sees it. */
export interface AuditedAccount {
  readonly opening: number;
  readonly balance: number;
  readonly entries: ReadonlyMap<string, Entry>;
}

/** Reads an account, page by page. Nothing must be transferred meanwhile. Throws when the history has two entries of one transfer. */
export async function readAccount(teller: Teller, key: string): Promise<AuditedAccount> {
  const entries = new Map<string, Entry>();
  for (let first: number | undefined = 1; ;) {
    const from: number = first;
    const page = await retry(() => teller.account(key).statement({ first: from }), { deadlineMs: PATIENCE_MS });
    for (const [id, entry] of page.entries) {
      if (entries.has(id)) throw new Error(`the account ${key} has two entries of the transfer ${id}`);
      entries.set(id, entry);
    }
    first = page.next;
    if (first === undefined) return { opening: page.opening, balance: page.balance, entries };
  }
}

/** Reads all accounts when what was on its way between them has arrived. @param wait waits a little. */
export async function readSettled(
  teller: Teller,
  keys: readonly string[],
  wait: () => Promise<unknown>,
): Promise<ReadonlyMap<string, AuditedAccount>> {
  for (let round = 1; ; round++) {
    const accounts = new Map<string, AuditedAccount>();
    for (let at = 0; at < keys.length; at += AT_ONCE)
      await Promise.all(
        keys.slice(at, at + AT_ONCE).map(async (key) => accounts.set(key, await readAccount(teller, key))),
      );
    const kinds = [...accounts.values()].flatMap(({ entries }) => [...entries.values()].map(({ kind }) => kind));
    const onTheWay = kinds.filter((kind) => kind === 'debit').length - kinds.filter((kind) => kind === 'credit').length;
    // What has not arrived by then is for the audit to find.
    if (onTheWay === 0 || round === ROUNDS) return accounts;
    await wait();
  }
}

/** How many accounts are read at once. */
const AT_ONCE = 32;
/** How often accounts are read until everything has arrived. */
const ROUNDS = 100;

/**
 * Compares what was acknowledged with what the accounts say. Returns what is wrong, one sentence each; nothing when every
 * transfer was applied exactly once and the total is what it was.
 */
export function audit(
  transfers: readonly Transfer[],
  acknowledged: Acknowledged,
  accounts: ReadonlyMap<string, AuditedAccount>,
): readonly string[] {
  const wrong: string[] = [];
  for (const transfer of transfers) {
    const outcome = acknowledged.get(transfer.id);
    if (outcome === undefined) wrong.push(`transfer ${transfer.id} was never acknowledged`);
    else wrong.push(...checkTransfer(transfer, outcome, accounts));
  }
  const known = new Set(transfers.map(({ id }) => id));
  let opening = 0;
  let closing = 0;
  for (const [key, account] of accounts) {
    opening += account.opening;
    closing += account.balance;
    wrong.push(...checkAccount(key, account, known));
  }
  if (opening !== closing) wrong.push(`the total was ${opening} and is ${closing}`);
  return wrong;
}

function checkTransfer(
  { id, from, to, amount }: Transfer,
  outcome: 'done' | 'refused',
  accounts: ReadonlyMap<string, AuditedAccount>,
): readonly string[] {
  const debit = accounts.get(from)?.entries.get(id);
  const credit = accounts.get(to)?.entries.get(id);
  if (outcome === 'refused') {
    return debit?.kind === 'refusal' && credit === undefined
      ? []
      : [`transfer ${id} was refused, but the accounts have ${debit?.kind} and ${credit?.kind}`];
  }
  const isDebited = debit?.kind === 'debit' && debit.amount === amount && debit.other === to;
  const isCredited = credit?.kind === 'credit' && credit.amount === amount && credit.other === from;
  return isDebited && isCredited
    ? []
    : [
        `transfer ${id} was acknowledged, but the accounts have ${debit?.kind ?? 'no debit'} and ${credit?.kind ?? 'no credit'}`,
      ];
}

function checkAccount(
  key: string,
  { opening, balance, entries }: AuditedAccount,
  known: ReadonlySet<string>,
): readonly string[] {
  const wrong: string[] = [];
  let expected = opening;
  for (const [id, entry] of entries) {
    if (!known.has(id)) wrong.push(`account ${key} has an entry of the unknown transfer ${id}`);
    if (entry.kind === 'debit') expected -= entry.amount;
    if (entry.kind === 'credit') expected += entry.amount;
  }
  if (balance !== expected) wrong.push(`account ${key} has ${balance}, its entries make ${expected}`);
  if (balance < 0) wrong.push(`account ${key} is overdrawn: ${balance}`);
  return wrong;
}
