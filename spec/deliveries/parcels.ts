import { Actor, ActorContext, ActorState, Handler, inject, Persist, Reminder, type DueReminder } from 'moonpool';

class Parcel {
  /** How often it was executed. */
  received = 0;
}

class Orders {
  /** The parcels that it has sent. */
  sent: string[] = [];
}

/** A due time that an alarm was told of. */
export interface Ring {
  readonly dueAt: number;
  readonly missed: number;
}

class Rings {
  rings: Ring[] = [];
  /** As data of its reminder says: by which order it was set. */
  orders: number[] = [];
}

/** One parcel: it knows how often it has arrived. Now and then it refuses to. */
@Actor({ name: 'Addressee', persist: 'after-turn' })
export class Addressee {
  @Persist(Parcel) private readonly parcel!: ActorState<Parcel>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler() async receive(): Promise<void> {
    this.parcel.value.received++;
    if (this.context.random.fraction() < 0.15) throw new Error('nobody at home');
  }
  @Handler() async received(): Promise<number> {
    return this.parcel.value.received;
  }
}

/** Sends parcels, each together with a note that it was sent, or not at all. */
@Actor({ name: 'Office', persist: 'after-turn' })
export class Office {
  @Persist(Orders) private readonly orders!: ActorState<Orders>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ idempotent: true }) async send(id: string, delayMs: number): Promise<void> {
    this.orders.value.sent.push(id);
    await this.context.actor(Addressee, id).$deliver.$with({ delayMs }).receive();
    if (this.context.random.fraction() < 0.2) throw new Error('out of stamps');
  }
  @Handler() async sent(): Promise<readonly string[]> {
    return this.orders.value.sent;
  }
}

/** Rings again and again until it is turned off. */
@Actor({ name: 'Alarm', persist: 'after-turn' })
export class Alarm {
  @Persist(Rings) private readonly state!: ActorState<Rings>;
  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Reminder('ring') async ring({ dueAt, missed, data }: DueReminder): Promise<void> {
    this.state.value.rings.push({ dueAt: dueAt.getTime(), missed });
    this.state.value.orders.push(data as number);
  }
  @Handler({ idempotent: true }) async set(order: number, every: number, first: number): Promise<void> {
    await this.context.remind('ring', { every, first, data: order });
  }
  /** How often it has rung until it was turned off. */
  @Handler({ idempotent: true }) async turnOff(): Promise<number> {
    await this.context.cancelReminder('ring');
    return this.state.value.rings.length;
  }
  @Handler() async rings(): Promise<Rings> {
    return this.state.value;
  }
}
