import { Actor, ActorState, Handler, Persist } from 'moonpool';


/** An actor that does next to nothing. */
@Actor({ name: 'Counter', mailboxCapacity: 100_000 })
export class Counter {
  private balance = 0;

  @Handler({ accepts: [undefined] }) async deposit(request: { amount: number; note?: string }): Promise<number> {
    this.balance += request.amount;
    return this.balance;
  }

  @Handler({ share: true, accepts: [undefined] }) async depositShared(request: { amount: number }): Promise<number> {
    this.balance += request.amount;
    return this.balance;
  }

  @Handler() async total(): Promise<number> {
    return this.balance;
  }
}

class Bytes {
  text = 'x'.repeat(200);
}

/** An actor that writes 200 bytes with each call. */
@Actor({ name: 'Writer' })
export class Writer {
  @Persist(Bytes) private readonly bytes!: ActorState<Bytes>;

  @Handler() async write(): Promise<number> {
    await this.bytes.persist();
    return this.bytes.version;
  }
}
