import { Actor, ActorContext, ActorState, Handler, inject, Persist } from 'moonpool';
import { Order } from './order';

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
