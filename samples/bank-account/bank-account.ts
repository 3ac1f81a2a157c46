import { IsInt, IsNotEmpty, IsPositive, IsString, Min } from 'class-validator';
import { Actor, ActorContext, ActorState, Handler, inject, Persist } from 'moonpool';

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

/** What became of a transfer at one account. A refusal is as final as a success. */
export type Entry = { readonly kind: 'debit' | 'credit'; readonly other: string; readonly amount: number } | { readonly kind: 'refusal' };

/** Everything about an account, as it is kept in the store. */
export class Account {
  isOpen = false;
  opening = 0;
  balance = 0;
  /** What became of each transfer, by its id: so that a repeated request changes nothing and gets the same answer. */
  entries: Record<string, Entry> = {};
}

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
    const known = account.entries[transfer];
    if (known !== undefined) return known.kind === 'debit';
    const isCovered = account.balance >= amount;
    if (isCovered) account.balance -= amount;
    account.entries[transfer] = isCovered ? { kind: 'debit', other: to, amount } : { kind: 'refusal' };
    await this.account.persist();
    return isCovered;
  }

  @Handler() async deposit({ transfer, from, amount }: Deposit): Promise<number> {
    const account = this.account.value;
    if (account.entries[transfer] === undefined) {
      account.balance += amount;
      account.entries[transfer] = { kind: 'credit', other: from, amount };
      await this.account.persist();
    }
    return account.balance;
  }

  /** The whole account, for an audit. */
  @Handler({ readOnly: true }) async statement(): Promise<Account> {
    return this.account.value;
  }

  /** The name of the node that the account lives on. */
  @Handler({ readOnly: true }) async whereabouts(): Promise<string> {
    return this.context.node.name;
  }
}
