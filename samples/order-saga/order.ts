import { IsInt, IsNotEmpty, IsPositive, IsString } from 'class-validator';
import { Actor, ActorContext, ActorState, Handler, inject, Persist, Reminder } from 'moonpool';
import { Stock } from './stock';
import { Wallet } from './wallet';

/** What is ordered, and who pays. */
export class OrderRequest {
  @IsString() @IsNotEmpty() item!: string;
  @IsInt() @IsPositive() quantity!: number;
  @IsString() @IsNotEmpty() customer!: string;
  @IsInt() @IsPositive() amount!: number;
}

/** `done`, `rejected`, `unpaid` and `expired` are ends: nothing comes after them but what undoes what was done. */
export type OrderStatus = 'new' | 'placed' | 'reserved' | 'done' | 'rejected' | 'unpaid' | 'expired';

/** How far an order has come. */
class Progress {
  status: OrderStatus = 'new';
  item = '';
  quantity = 0;
  customer = '';
  amount = 0;
}

/** How long an order waits for the others before it is given up, in milliseconds. */
export const EXPIRES_AFTER_MS = 10_000;

/**
 * An order: a process of several steps over three actors, which nobody has to watch. Each step is a handler, and the next one a message that goes with its
 * commit; so is what undoes a step when a later one fails, and the reminder that gives the order up when somebody does not answer.
 */
@Actor({ name: 'Order', persist: 'after-turn' })
export class Order {
  @Persist(Progress) private readonly progress!: ActorState<Progress>;

  constructor(@inject(ActorContext) private readonly context: ActorContext) {}

  @Handler({ idempotent: true }) async place(request: OrderRequest): Promise<OrderStatus> {
    const progress = this.progress.value;
    if (progress.status !== 'new') return progress.status;
    Object.assign(progress, request, { status: 'placed' });
    await this.context.remind('expire', { delayMs: EXPIRES_AFTER_MS });
    await this.stock.$deliver.reserve(this.context.key, request.quantity);
    return progress.status;
  }

  /** The stock has the goods for this order, or has not. */
  @Handler() async reserved(isThere: boolean): Promise<void> {
    const progress = this.progress.value;
    // The order was given up meanwhile.
    if (progress.status !== 'placed') return isThere ? this.giveBack() : undefined;
    if (!isThere) return this.end('rejected');
    progress.status = 'reserved';
    await this.wallet.$deliver.charge(this.context.key, progress.amount);
  }

  /** The customer has paid, or could not. */
  @Handler() async charged(isPaid: boolean): Promise<void> {
    const { status, amount } = this.progress.value;
    if (status !== 'reserved') {
      if (isPaid) await this.wallet.$deliver.refund(amount);
      return;
    }
    await this.end(isPaid ? 'done' : 'unpaid');
    if (!isPaid) await this.giveBack();
  }

  @Reminder('expire') async expire(): Promise<void> {
    const { status } = this.progress.value;
    await this.end('expired');
    if (status === 'reserved') await this.giveBack();
  }

  @Handler({ readOnly: true }) async status(): Promise<OrderStatus> {
    return this.progress.value.status;
  }

  private get stock() {
    return this.context.actor(Stock, this.progress.value.item);
  }

  private get wallet() {
    return this.context.actor(Wallet, this.progress.value.customer);
  }

  private async end(status: OrderStatus): Promise<void> {
    this.progress.value.status = status;
    await this.context.cancelReminder('expire');
  }

  private async giveBack(): Promise<void> {
    await this.stock.$deliver.release(this.progress.value.quantity);
  }
}
