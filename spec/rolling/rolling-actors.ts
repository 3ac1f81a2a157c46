import { Actor, ActorContext, ActorState, Handler, inject, Persist } from 'moonpool';

class Sum {
  total = 0;
}

/** Adds up what it is told, durably. */
@Actor({ name: 'Ledger' })
export class Ledger {
  @Persist(Sum) private readonly sum!: ActorState<Sum>;

  @Handler() async add(amount: number): Promise<number> {
    this.sum.value.total += amount;
    await this.sum.persist();
    return this.sum.value.total;
  }

  @Handler() async total(): Promise<number> {
    return this.sum.value.total;
  }
}

/** Passes on to a ledger, so that a turn waits for another, and says who asked by what the request bears. */
@Actor({ name: 'Teller' })
export class Teller {
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async pay(ledger: string, amount: number): Promise<string> {
    await this.context.actor(Ledger, ledger).add(amount);
    return String(this.context.requestContext.get('trace'));
  }

  @Handler() async fail(): Promise<void> {
    throw new RangeError('it was asked to');
  }
}
