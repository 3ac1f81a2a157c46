import { IsInt, IsNotEmpty, IsPositive, IsString, Min } from 'class-validator';
import { Actor, ActorContext, ActorJournal, Handler, inject, Journal, JournalEvent } from 'moonpool';
import { alwaysAtLeast } from 'moonpool/assertions';

/** What holds for every account. */
export const neverOverdrawn = alwaysAtLeast('a balance is at least zero');

/** Opens an account with money in it. */
export class Open {
  @IsInt() @Min(0) balance!: number;
}

/** Moves money to another account, for a transfer. */
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
  @IsInt() @Min(1) first!: number;
}

@JournalEvent('opened')
export class Opened {
  constructor(readonly balance = 0) {}
}

@JournalEvent('debited')
export class Debited {
  constructor(
    readonly transfer = '',
    readonly to = '',
    readonly amount = 0,
  ) {}
}

@JournalEvent('credited')
export class Credited {
  constructor(
    readonly transfer = '',
    readonly from = '',
    readonly amount = 0,
  ) {}
}

@JournalEvent('refused')
export class Refused {
  constructor(readonly transfer = '') {}
}

/** What the events of an account come to. */
export class Books {
  isOpen = false;
  opening = 0;
  balance = 0;

  apply(event: Opened | Debited | Credited | Refused): void {
    if (event instanceof Opened) {
      this.isOpen = true;
      this.opening = event.balance;
      this.balance = event.balance;
    }
    if (event instanceof Debited) this.balance -= event.amount;
    if (event instanceof Credited) this.balance += event.amount;
  }
}

/** What became of a transfer at one account. A refusal is as final as a success. */
export type Entry =
  | { readonly kind: 'debit' | 'credit'; readonly other: string; readonly amount: number }
  | { readonly kind: 'refusal' };

/** A page of an account's history, and its balance at that moment. */
export interface Statement {
  readonly opening: number;
  readonly balance: number;
  readonly entries: readonly (readonly [string, Entry])[];
  /** Where the next page begins; undefined when this is the last one. */
  readonly next: number | undefined;
}

/** How many events a page has: messages have a limit, and accounts may grow old. */
const PAGE = 1_000;

/**
 * An account. Whatever a handler decides is one commit: the event, the answer under the key of its call, and the message to the other
 * account. So a transfer needs no loop around its calls and no list of what was done before.
 */
@Actor({ name: 'BankAccount', persist: 'after-turn' })
export class BankAccount {
  @Journal(Books, { events: [Opened, Debited, Credited, Refused] }) private readonly books!: ActorJournal<Books>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ idempotent: true }) async open({ balance }: Open): Promise<number> {
    if (!this.books.value.isOpen) this.books.emit(new Opened(balance));
    return this.books.value.balance;
  }

  /** Moves money to another account, which it reaches sooner or later. Resolves to false when there is not enough. */
  @Handler({ idempotent: true }) async withdraw({ transfer, to, amount }: Withdraw): Promise<boolean> {
    const { key } = this.context;
    if (this.books.value.balance < amount) {
      this.books.emit(new Refused(transfer));
      return false;
    }
    this.books.emit(new Debited(transfer, to, amount));
    neverOverdrawn.check(this.books.value.balance, 0, () => ({ account: key, transfer }));
    await this.context.actor(BankAccount, to).$deliver.deposit({ transfer, from: key, amount });
    return true;
  }

  @Handler({ idempotent: true }) async deposit({ transfer, from, amount }: Deposit): Promise<void> {
    this.books.emit(new Credited(transfer, from, amount));
  }

  /** The account, a page of its history at a time, for an audit. */
  @Handler({ readOnly: true }) async statement({ first }: Page): Promise<Statement> {
    const { opening, balance } = this.books.value;
    const entries: [string, Entry][] = [];
    let next: number | undefined;
    for await (const { number, event } of this.books.history(first)) {
      if (number >= first + PAGE) {
        next = number;
        break;
      }
      const entry = entryOf(event as Debited | Credited | Refused | Opened);
      if (entry !== undefined) entries.push(entry);
    }
    return { opening, balance, entries, next };
  }

  /** The name of the node that the account lives on. */
  @Handler({ readOnly: true }) async whereabouts(): Promise<string> {
    return this.context.node.name;
  }
}

/** What an event says of its transfer; undefined for the opening, which is that of none. */
export function entryOf(event: Opened | Debited | Credited | Refused): [string, Entry] | undefined {
  if (event instanceof Debited) return [event.transfer, { kind: 'debit', other: event.to, amount: event.amount }];
  if (event instanceof Credited) return [event.transfer, { kind: 'credit', other: event.from, amount: event.amount }];
  return event instanceof Refused ? [event.transfer, { kind: 'refusal' }] : undefined;
}
