import { IsInt, IsNotEmpty, IsPositive, IsString } from 'class-validator';
import { Actor, ActorContext, ActorState, Handler, inject, Persist, Reminder } from 'moonpool';

/** What is ordered, and who pays. */
export class OrderRequest {
  @IsString() @IsNotEmpty() item!: string;
  @IsInt() @IsPositive() quantity!: number;
  @IsString() @IsNotEmpty() customer!: string;
  @IsInt() @IsPositive() amount!: number;
}

/** `done`, `rejected`, `unpaid` and `expired` are ends: nothing comes after them but what undoes what was done. */
export type OrderStatus = 'new' | 'placed' | 'reserved' | 'done' | 'rejected' | 'unpaid' | 'expired';

/** How far an order has come. */
class Progress {
  status: OrderStatus = 'new';
  item = '';
  quantity = 0;
  customer = '';
  amount = 0;
}

/** How long an order waits for the others before it is given up, in milliseconds. */
export const EXPIRES_AFTER_MS = 10_000;

/**
 * An order: a process of several steps over three actors, which nobody has to watch. Each step is a handler, and the next one a message that goes with its
 * commit; so is what undoes a step when a later one fails, and the reminder that gives the order up when somebody does not answer.
 */
@Actor({ name: 'Order', persist: 'after-turn' })
export class Order {
  @Persist(Progress) private readonly progress!: ActorState<Progress>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ idempotent: true }) async place(request: OrderRequest): Promise<OrderStatus> {
    const progress = this.progress.value;
    if (progress.status !== 'new') return progress.status;
    Object.assign(progress, request, { status: 'placed' });
    await this.context.remind('expire', { delayMs: EXPIRES_AFTER_MS });
    await this.stock.$deliver.reserve(this.context.key, request.quantity);
    return progress.status;
  }

  /** The stock has the goods for this order, or has not. */
  @Handler() async reserved(isThere: boolean): Promise<void> {
    const progress = this.progress.value;
    // The order was given up meanwhile.
    if (progress.status !== 'placed') return isThere ? this.giveBack() : undefined;
    if (!isThere) return this.end('rejected');
    progress.status = 'reserved';
    await this.wallet.$deliver.charge(this.context.key, progress.amount);
  }

  /** The customer has paid, or could not. */
  @Handler() async charged(isPaid: boolean): Promise<void> {
    const { status, amount } = this.progress.value;
    if (status !== 'reserved') {
      if (isPaid) await this.wallet.$deliver.refund(amount);
      return;
    }
    await this.end(isPaid ? 'done' : 'unpaid');
    if (!isPaid) await this.giveBack();
  }

  @Reminder('expire') async expire(): Promise<void> {
    const { status } = this.progress.value;
    await this.end('expired');
    if (status === 'reserved') await this.giveBack();
  }

  @Handler({ readOnly: true }) async status(): Promise<OrderStatus> {
    return this.progress.value.status;
  }

  private get stock() {
    return this.context.actor(Stock, this.progress.value.item);
  }

  private get wallet() {
    return this.context.actor(Wallet, this.progress.value.customer);
  }

  private async end(status: OrderStatus): Promise<void> {
    this.progress.value.status = status;
    await this.context.cancelReminder('expire');
  }

  private async giveBack(): Promise<void> {
    await this.stock.$deliver.release(this.progress.value.quantity);
  }
}

class Shelf {
  left = 0;
}

/** The stock of one item. */
@Actor({ name: 'Stock', persist: 'after-turn' })
export class Stock {
  @Persist(Shelf) private readonly shelf!: ActorState<Shelf>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ idempotent: true }) async fill(quantity: number): Promise<void> {
    this.shelf.value.left += quantity;
  }

  /** Sets goods aside for an order, and tells it whether there were enough. */
  @Handler() async reserve(order: string, quantity: number): Promise<void> {
    const isThere = this.shelf.value.left >= quantity;
    if (isThere) this.shelf.value.left -= quantity;
    await this.context.actor(Order, order).$deliver.reserved(isThere);
  }

  /** Takes back what was set aside. */
  @Handler() async release(quantity: number): Promise<void> {
    this.shelf.value.left += quantity;
  }

  @Handler({ readOnly: true }) async left(): Promise<number> {
    return this.shelf.value.left;
  }
}

class Money {
  balance = 0;
  /** How long the bank of this customer takes, in milliseconds. */
  delayMs = 0;
}

/** The money of one customer. */
@Actor({ name: 'Wallet', persist: 'after-turn' })
export class Wallet {
  @Persist(Money) private readonly money!: ActorState<Money>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  /** @param delayMs how long its answers take from now on: some banks are slow. */
  @Handler({ idempotent: true }) async open(balance: number, delayMs: number): Promise<void> {
    this.money.value.balance += balance;
    this.money.value.delayMs = delayMs;
  }

  /** Pays for an order, and tells it whether there was enough. */
  @Handler() async charge(order: string, amount: number): Promise<void> {
    const { money } = this;
    const isPaid = money.value.balance >= amount;
    if (isPaid) money.value.balance -= amount;
    const { delayMs } = money.value;
    await this.context.actor(Order, order).$deliver.$with({ delayMs }).charged(isPaid);
  }

  /** Takes back what was paid for an order that had been given up. */
  @Handler() async refund(amount: number): Promise<void> {
    this.money.value.balance += amount;
  }

  @Handler({ readOnly: true }) async balance(): Promise<number> {
    return this.money.value.balance;
  }
}
