import { IsInt, IsNotEmpty, IsPositive, IsString, Min } from 'class-validator';
import { Actor, ActorContext, ActorState, Handler, inject, Persist } from 'moonpool';
import { alwaysAtLeast, sometimes } from 'moonpool/assertions';

/** What holds for every account, and what a simulation must have seen to be worth anything. */
export const neverOverdrawn = alwaysAtLeast('a balance is at least zero');
export const debitRepeated = sometimes('a debit is asked for again and answered from the books');
export const creditRepeated = sometimes('a credit is asked for again and changes nothing');

/** Opens an account with money in it. */
export class Open {
  @IsInt() @Min(0) balance!: number;
}

/** Takes money out of an account, for a transfer. */
export class Withdraw {
  @IsString() @IsNotEmpty() transfer!: string;
  @IsString() @IsNotEmpty() to!: string;
  @IsInt() @IsPositive() amount!: number;
}

/** Puts money into an account, for a transfer. */
export class Deposit {
  @IsString() @IsNotEmpty() transfer!: string;
  @IsString() @IsNotEmpty() from!: string;
  @IsInt() @IsPositive() amount!: number;
}

/** Asks for a page of an account's history. */
export class Page {
  @IsInt() @Min(0) first!: number;
}

/** What became of a transfer at one account. A refusal is as final as a success. */
export type Entry =
  | { readonly kind: 'debit' | 'credit'; readonly other: string; readonly amount: number }
  | { readonly kind: 'refusal' };

/** Everything about an account, as it is kept in the store. */
export class Account {
  isOpen = false;
  opening = 0;
  balance = 0;
  /**
   * What became of each transfer, by its id: so that a repeated request changes nothing and gets the same answer. A bank
   * that runs for years would let go of what is too old to be repeated; each write carries the whole account.
   */
  entries = new Map<string, Entry>();
}

/** A page of an account's history, and its balance at that moment. */
export interface Statement {
  readonly opening: number;
  readonly balance: number;
  readonly entries: readonly (readonly [string, Entry])[];
  /** True when there are entries after these. */
  readonly hasMore: boolean;
}

/** How many entries a page has: messages have a limit, and accounts may grow old. */
const PAGE = 1_000;

@Actor({ name: 'BankAccount' })
export class BankAccount {
  @Persist(Account) private readonly account!: ActorState<Account>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async open(request: Open): Promise<number> {
    const account = this.account.value;
    if (!account.isOpen) {
      account.isOpen = true;
      account.opening = request.balance;
      account.balance = request.balance;
      await this.account.persist();
    }
    return account.balance;
  }

  /** Resolves to false when there is not enough money; that answer is recorded and never changes. */
  @Handler() async withdraw({ transfer, to, amount }: Withdraw): Promise<boolean> {
    const account = this.account.value;
    const known = account.entries.get(transfer);
    debitRepeated.check(known !== undefined);
    if (known !== undefined) return known.kind === 'debit';
    const isCovered = account.balance >= amount;
    if (isCovered) account.balance -= amount;
    account.entries.set(transfer, isCovered ? { kind: 'debit', other: to, amount } : { kind: 'refusal' });
    neverOverdrawn.check(account.balance, 0, () => ({ account: this.context.id.key, transfer }));
    await this.account.persist();
    return isCovered;
  }

  @Handler() async deposit({ transfer, from, amount }: Deposit): Promise<number> {
    const account = this.account.value;
    const isKnown = account.entries.has(transfer);
    creditRepeated.check(isKnown);
    if (!isKnown) {
      account.balance += amount;
      account.entries.set(transfer, { kind: 'credit', other: from, amount });
      await this.account.persist();
    }
    return account.balance;
  }

  /** The account, a page of its history at a time, for an audit. */
  @Handler({ readOnly: true }) async statement({ first }: Page): Promise<Statement> {
    const { opening, balance, entries } = this.account.value;
    return { opening, balance, entries: [...entries].slice(first, first + PAGE), hasMore: entries.size > first + PAGE };
  }

  /** The name of the node that the account lives on. */
  @Handler({ readOnly: true }) async whereabouts(): Promise<string> {
    return this.context.node.name;
  }
}
