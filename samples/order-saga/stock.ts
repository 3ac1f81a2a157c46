import { Actor, ActorContext, ActorState, Handler, inject, Persist } from 'moonpool';
import { Order } from './order';

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
