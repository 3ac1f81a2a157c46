import { Actor, ActorState, Handler, Persist } from 'moonpool';

class Stock {
  left = 100;
  /** The orders that were served, so that an order that is repeated is not served twice. */
  orders = new Set<string>();
}

/** Sells tickets. An order has an id; repeating it changes nothing and gets the same answer. */
@Actor({ name: 'TicketOffice' })
export class TicketOffice {
  @Persist(Stock) private readonly stock!: ActorState<Stock>;

  /** Sells one ticket for the order; false when none is left. */
  @Handler() async sell(order: string): Promise<boolean> {
    const { value } = this.stock;
    if (value.orders.has(order)) return true;
    if (value.left === 0) return false;
    value.left--;
    value.orders.add(order);
    await this.stock.persist();
    return true;
  }

  @Handler() async left(): Promise<number> {
    return this.stock.value.left;
  }
}
