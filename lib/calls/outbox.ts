import type { NewDelivery } from '../storage/stored-delivery';

/** Where a turn puts what must arrive: it goes with the turn's next commit, together with its state or not at all. */
export interface Outbox {
  deliver(delivery: NewDelivery): void;
  /** The delivery is not to be made any more. One that is gone already is no mistake. */
  cancel(id: string): void;
}
