import { token } from '../injection/token';
import type { DELIVERY_METRICS } from '../observability/metric-catalogue';
import type { Bound } from '../observability/metrics';
import type { RefusalLog } from '../observability/refusal-log';
import type { RandomProvider } from '../providers/random-provider';
import type { TaskProvider } from '../providers/task-provider';
import type { TimeProvider } from '../providers/time-provider';
import { deliveryOfKey } from '../storage/message-key';
import type { StateStorage } from '../storage/state-storage';
import type { NewDelivery } from '../storage/stored-delivery';
import { AttemptLedger } from './attempt-ledger';
import type { DeliveryCalls } from './delivery-calls';
import type { DeliveryOptions } from './delivery-options';
import { decodeDelivery } from './delivery-record';
import { Places } from './places';
import { deliveryOf, settle } from './stored-deliveries';
import { WaitingMessages } from './waiting-messages';

/** What whoever sends what it has committed needs. */
export interface PromptSenderParts {
  readonly storage: StateStorage;
  readonly calls: DeliveryCalls;
  readonly options: DeliveryOptions;
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  readonly tasks: TaskProvider;
  readonly refusals: RefusalLog;
  readonly counters: Bound<typeof DELIVERY_METRICS>;
}

/** A message that is due at once; the store has it as due a little later, so that whoever has committed it may send it first. */
export interface PromptDelivery extends NewDelivery {
  readonly isPrompt: true;
}

/** How many may wait, for each that may be under way. */
const MOST_WAITING = 16;

/** For how much of the time a message may wait that there is before another node sends it. */
const SHARE_OF_GRACE = 0.5;

/** Is told of what was committed, and sends at once what is due at once. */
export interface DeliverySender {
  /** The store has accepted these. Never throws, and waits for nothing: what is not sent here is sent by the node that is responsible for it. */
  afterCommit(deliveries: readonly NewDelivery[]): void;
}
export const DeliverySender = token<DeliverySender>('DeliverySender');

/** Sends messages from the process that has just committed them, one attempt each: what that does not bring there, the deliverer does. */
export class PromptSender implements DeliverySender {
  private readonly places: Places;
  private readonly waiting: WaitingMessages<PromptDelivery>;
  private readonly ledger: AttemptLedger;
  private isStopped = false;

  constructor(private readonly parts: PromptSenderParts) {
    const { maxUnderWay } = parts.options;
    this.places = new Places(maxUnderWay);
    this.waiting = new WaitingMessages(maxUnderWay * MOST_WAITING);
    this.ledger = new AttemptLedger(parts);
  }

  afterCommit(deliveries: readonly NewDelivery[]): void {
    const { options, time } = this.parts;
    for (const delivery of deliveries) {
      if (!isPrompt(delivery) || this.isStopped) continue;
      if (this.places.admits(delivery.target)) this.begin(delivery);
      else this.waiting.add(delivery, time.now() + options.graceMs * SHARE_OF_GRACE);
    }
  }

  /** What is under way ends by itself, and what is not settled is delivered by a node that lives. */
  stop(): void {
    this.isStopped = true;
    this.waiting.clear();
  }

  private begin(delivery: PromptDelivery): void {
    this.places.take(delivery.target);
    this.parts.tasks.spawn(`deliver ${delivery.id}`, () => this.send(delivery));
  }

  /** Those that have waited too long are left to the node that is responsible for them. */
  private beginNext(): void {
    if (this.waiting.isEmpty) return;
    const now = this.parts.time.now();
    const mayBegin = (actor: string): boolean => this.places.admits(actor);
    for (let next = this.waiting.next(now, mayBegin); next !== undefined; next = this.waiting.next(now, mayBegin))
      this.begin(next);
  }

  private async send({ id, target, data }: PromptDelivery): Promise<void> {
    const { storage, calls, time, counters, refusals } = this.parts;
    try {
      const record = decodeDelivery(id, target, data);
      const outcome = await calls.attempt(record, { dueAt: 0, missed: 0 }, () => !this.places.areScarce);
      if (outcome.kind !== 'executed') {
        // What failed otherwise is tried again by the node that is responsible for it; and an end of this process says nothing about the message.
        if (!this.isStopped && !calls.hasGivenUp)
          await this.ledger.writeRefusal({ stored: { id, target }, record, outcome });
        return;
      }
      counters.delivered.value++;
      // The commit of the actor has settled it.
      if (outcome.isRemembered && deliveryOfKey(record.key) === id) return;
      // Its version is the store's own. Should somebody else have settled it, there is nothing to be done.
      const stored = await deliveryOf(storage, id, { target });
      if (stored === undefined) return;
      // A later message may have taken its name meanwhile, and is still to be delivered.
      if (decodeDelivery(id, target, stored.data).key === record.key)
        await settle(storage, { id, version: stored.version }, time);
    } catch (error) {
      refusals.note('a delivery that was made could not be settled at once, and is made again', target, () => ({
        error,
      }));
    } finally {
      this.places.giveBack(target);
      this.beginNext();
    }
  }
}

function isPrompt(delivery: NewDelivery): delivery is PromptDelivery {
  return (delivery as Partial<PromptDelivery>).isPrompt === true;
}
