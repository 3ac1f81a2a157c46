import { IsInt } from 'class-validator';
import { Actor, Handler } from 'moonpool';

/** The payload of most scenarios. */
export class Amount {
  @IsInt() amount!: number;
}

/** An actor that does next to nothing, so that what is measured is the way to it and back. */
@Actor({ name: 'Counter', mailboxCapacity: 1_000_000 })
export class Counter {
  private balance = 0;

  @Handler() async add(request: Amount): Promise<number> {
    this.balance += request.amount;
    return this.balance;
  }

  /** The same with arguments that are frozen and shared in place of copied. */
  @Handler({ share: true }) async addShared(request: Amount): Promise<number> {
    this.balance += request.amount;
    return this.balance;
  }

  /** Gives back what it gets, however large. */
  @Handler() async echo(text: string): Promise<string> {
    return text;
  }
}
