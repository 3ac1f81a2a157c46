import { Actor, ActorState, Handler, Persist } from 'moonpool';

class Stock {
  left = 100;
}

/** Sells tickets. It looks right, and it is wrong: its simulation finds out. */
@Actor({ name: 'CarelessTicketOffice' })
export class CarelessTicketOffice {
  @Persist(Stock) private readonly stock!: ActorState<Stock>;

  /** Sells one ticket; false when none is left. */
  @Handler() async sell(): Promise<boolean> {
    if (this.stock.value.left === 0) return false;
    this.stock.value.left--;
    await this.stock.persist();
    return true;
  }

  @Handler() async left(): Promise<number> {
    return this.stock.value.left;
  }
}
