import { token } from '../injection/token';
import type { DELIVERY_METRICS } from '../observability/metric-catalogue';
import type { Bound } from '../observability/metrics';
import type { RefusalLog } from '../observability/refusal-log';
import type { TaskProvider } from '../providers/task-provider';
import type { TimeProvider } from '../providers/time-provider';
import { deliveryOfKey } from '../storage/message-key';
import type { StateStorage } from '../storage/state-storage';
import type { NewDelivery } from '../storage/stored-delivery';
import type { DeliveryCalls } from './delivery-calls';
import type { DeliveryOptions } from './delivery-options';
import { decodeDelivery } from './delivery-record';
import { deliveryOf, settle } from './stored-deliveries';

/** What whoever sends what it has committed needs. */
export interface PromptSenderParts {
  readonly storage: StateStorage;
  readonly calls: DeliveryCalls;
  readonly options: DeliveryOptions;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly refusals: RefusalLog;
  readonly counters: Bound<typeof DELIVERY_METRICS>;
}

/** A message that is due at once; the store has it as due a little later, so that whoever has committed it may send it first. */
export interface PromptDelivery extends NewDelivery {
  readonly isPrompt: true;
}

/** Is told of what was committed, and sends at once what is due at once. */
export interface DeliverySender {
  /** The store has accepted these. Never throws, and waits for nothing: what is not sent here is sent by the node that is responsible for it. */
  afterCommit(deliveries: readonly NewDelivery[]): void;
}
export const DeliverySender = token<DeliverySender>('DeliverySender');

/** Sends messages from the process that has just committed them, one attempt each: what that does not bring there, the deliverer does. */
export class PromptSender implements DeliverySender {
  private underWay = 0;
  private isStopped = false;

  constructor(private readonly parts: PromptSenderParts) {}

  afterCommit(deliveries: readonly NewDelivery[]): void {
    for (const delivery of deliveries) {
      if (!isPrompt(delivery) || this.isStopped || this.underWay >= this.parts.options.maxUnderWay) continue;
      this.underWay++;
      this.parts.tasks.spawn(`deliver ${delivery.id}`, () => this.send(delivery));
    }
  }

  /** What is under way ends by itself, and what is not settled is delivered by a node that lives. */
  stop(): void {
    this.isStopped = true;
  }

  private async send({ id, target, data }: PromptDelivery): Promise<void> {
    const { storage, calls, time, counters, refusals } = this.parts;
    try {
      const record = decodeDelivery(id, target, data);
      const outcome = await calls.attempt(record, { dueAt: 0, missed: 0 });
      if (outcome.kind !== 'executed') return;
      counters.delivered.value++;
      // The commit of the actor has settled it.
      if (outcome.isRemembered && deliveryOfKey(record.key) === id) return;
      // Its version is the store's own. Should somebody else have settled it, there is nothing to be done.
      const stored = await deliveryOf(storage, id, { target });
      if (stored !== undefined) await settle(storage, { id, version: stored.version }, time);
    } catch (error) {
      refusals.note('a delivery that was made could not be settled at once, and is made again', target, () => ({
        error,
      }));
    } finally {
      this.underWay--;
    }
  }
}

function isPrompt(delivery: NewDelivery): delivery is PromptDelivery {
  return (delivery as Partial<PromptDelivery>).isPrompt === true;
}
