import { Actor, ActorState, Handler, Persist } from 'moonpool';

class Sum {
  total = 0;
}

class Parts {
  parts: number[] = [];
}

/** The tally of the first version. */
@Actor({ name: 'Tally', persist: 'after-turn' })
export class FirstTally {
  @Persist(Sum, { name: 'sum' }) private readonly sum!: ActorState<Sum>;

  @Handler() async add(amount: number): Promise<number> {
    this.sum.value.total += amount;
    return this.sum.value.total;
  }
}

/** The tally of the second version, which keeps what was added. */
@Actor({ name: 'Tally', persist: 'after-turn', version: 2 })
export class SecondTally {
  @Persist(Parts, { name: 'sum', version: 2, upcast: [({ total }) => ({ parts: [total] })] })
  private readonly sum!: ActorState<Parts>;

  @Handler() async add(amount: number): Promise<number> {
    this.sum.value.parts.push(amount);
    return this.sum.value.parts.reduce((all, part) => all + part, 0);
  }

  @Handler({ readOnly: true }) async count(): Promise<number> {
    return this.sum.value.parts.length;
  }
}
