import { expect } from 'chai';
import { audit, type AuditedAccount } from './audit';
import type { Entry } from './bank-account';

const TRANSFER = { id: 't1', from: 'alice', to: 'bob', amount: 30 };
const DEBIT: Entry = { kind: 'debit', other: 'bob', amount: 30 };
const CREDIT: Entry = { kind: 'credit', other: 'alice', amount: 30 };

const account = (balance: number, entry?: Entry): AuditedAccount => ({
  opening: 100,
  balance,
  entries: new Map(entry === undefined ? [] : [['t1', entry]]),
});
const books = (alice: AuditedAccount, bob: AuditedAccount) =>
  new Map([
    ['alice', alice],
    ['bob', bob],
  ]);
const DONE = new Map([['t1', 'done' as const]]);
const REFUSED = new Map([['t1', 'refused' as const]]);

describe('The audit of the bank', () => {
  it('has nothing to say about a transfer that is in both accounts, or refused and in none', () => {
    expect(audit([TRANSFER], DONE, books(account(70, DEBIT), account(130, CREDIT)))).to.deep.equal([]);
    expect(audit([TRANSFER], REFUSED, books(account(100, { kind: 'refusal' }), account(100)))).to.deep.equal([]);
  });

  const wrongs: Record<string, readonly string[]> = {
    'a transfer that nobody acknowledged': audit([TRANSFER], new Map(), books(account(100), account(100))),
    'an acknowledged transfer that is in no account': audit([TRANSFER], DONE, books(account(100), account(100))),
    'a debit without its credit': audit([TRANSFER], DONE, books(account(70, DEBIT), account(100))),
    'a credit of another amount': audit(
      [TRANSFER],
      DONE,
      books(account(70, DEBIT), account(120, { ...CREDIT, amount: 20 })),
    ),
    'a refused transfer that was credited': audit(
      [TRANSFER],
      REFUSED,
      books(account(100, { kind: 'refusal' }), account(130, CREDIT)),
    ),
    'a balance that its entries do not make': audit([TRANSFER], DONE, books(account(40, DEBIT), account(130, CREDIT))),
    'money that nobody put in': audit([], new Map(), books(account(101), account(100))),
    'an entry of an unknown transfer': audit([], new Map(), books(account(70, DEBIT), account(130, CREDIT))),
  };
  for (const [what, found] of Object.entries(wrongs)) {
    it(`sees ${what}`, () => {
      expect(found).not.to.deep.equal([]);
    });
  }
});
