import type { Outbox } from '../calls/outbox';
import type { NewDelivery } from '../storage/stored-delivery';

/** What a turn has decided beside the values of its states, until a commit takes it. */
export class TurnDecisions implements Outbox {
  private deliveries: NewDelivery[] = [];
  private cancels: string[] = [];
  private messages: (() => void)[] = [];
  /** The actor is to be deleted. */
  destroys = false;
  /** That is to be, whether it was written already or not. */
  endsActor = false;
  /** A part of what the turn has decided is durable, or on its way, though the turn is not over. */
  hasCommitted = false;

  /** Something is to be written. */
  get hasAny(): boolean {
    return this.deliveries.length > 0 || this.cancels.length > 0 || this.destroys;
  }

  deliver(delivery: NewDelivery): void {
    this.deliveries.push(delivery);
  }

  cancel(id: string): void {
    // What was put here by this very turn is not there yet.
    this.deliveries = this.deliveries.filter((delivery) => delivery.id !== id);
    this.cancels.push(id);
  }

  destroy(): void {
    this.destroys = true;
    this.endsActor = true;
  }

  hold(message: () => void): void {
    this.messages.push(message);
  }

  /** What is to be written, which it then has no more. */
  takeWrites(): Pick<TakenDecisions, 'deliveries' | 'cancels' | 'destroys'> {
    const { deliveries, cancels, destroys } = this;
    this.deliveries = [];
    this.cancels = [];
    this.destroys = false;
    return { deliveries, cancels, destroys };
  }

  /** The messages that may leave when what was decided before them is durable. */
  takeMessages(): readonly (() => void)[] {
    const { messages } = this;
    this.messages = [];
    return messages;
  }
}

/** What a commit takes from the decisions of a turn. */
export interface TakenDecisions {
  readonly deliveries: readonly NewDelivery[];
  readonly cancels: readonly string[];
  readonly destroys: boolean;
}
