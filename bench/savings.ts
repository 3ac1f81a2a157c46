import { Actor, Handler, Persist, type ActorState } from 'moonpool';

/** A state of about 200 bytes. */
export class Savings {
  balance = 0;
  note = 'x'.repeat(150);
}

/** An actor whose every turn ends with a durable write. */
@Actor({ name: 'SavingsAccount' })
export class SavingsAccount {
  @Persist(Savings) private readonly savings!: ActorState<Savings>;

  @Handler() async deposit(amount: number): Promise<number> {
    this.savings.value.balance += amount;
    await this.savings.persist();
    return this.savings.value.balance;
  }

  @Handler() async balance(): Promise<number> {
    return this.savings.value.balance;
  }
}

/** The same, written by the runtime when its turns have ended. */
@Actor({ name: 'HotAccount', persist: 'after-turn' })
export class HotAccount {
  @Persist(Savings) private readonly savings!: ActorState<Savings>;

  @Handler() async deposit(amount: number): Promise<number> {
    this.savings.value.balance += amount;
    return this.savings.value.balance;
  }
}
