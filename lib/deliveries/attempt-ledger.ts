import { MoonpoolError } from '../errors/moonpool-error';
import type { DELIVERY_METRICS } from '../observability/metric-catalogue';
import type { Bound } from '../observability/metrics';
import type { RefusalLog } from '../observability/refusal-log';
import type { RandomProvider } from '../providers/random-provider';
import type { TimeProvider } from '../providers/time-provider';
import type { StateStorage } from '../storage/state-storage';
import type { StoredDelivery } from '../storage/stored-delivery';
import { futureOf, isHandlerRefusal, type AttemptOutcome, type DeliveryFuture } from './attempt-outcome';
import type { DeliveryOptions } from './delivery-options';
import { decodeDelivery, encodeDelivery, type DeliveryRecord } from './delivery-record';
import type { Occurrence } from './schedule';
import { deliveryOf, settle } from './stored-deliveries';

/** What is needed to write down what has come of attempts. */
export interface AttemptLedgerParts {
  readonly storage: StateStorage;
  readonly options: DeliveryOptions;
  readonly time: TimeProvider;
  readonly random: RandomProvider;
  readonly refusals: RefusalLog;
  readonly counters: Bound<typeof DELIVERY_METRICS>;
}

/** An attempt of a message that has ended. */
export interface MessageAttempt {
  readonly stored: Pick<StoredDelivery, 'id' | 'target'>;
  readonly record: DeliveryRecord;
  readonly outcome: AttemptOutcome;
}

/** An attempt that has ended. */
export interface EndedAttempt extends MessageAttempt {
  /** The delivery as it was read. */
  readonly stored: Pick<StoredDelivery, 'id' | 'target' | 'version'>;
  /** The due time that was tried. */
  readonly occurrence: Occurrence;
}

/** How often a refusal is counted again because another attempt has ended meanwhile: of one delivery few are under way. */
const MAX_OVERTAKEN = 10;

/** Writes into the store what has come of the attempts of a process, whoever made them. */
export class AttemptLedger {
  constructor(private readonly parts: AttemptLedgerParts) {}

  /** @throws MoonpoolError STORAGE_UNAVAILABLE */
  async write({ stored, record, occurrence, outcome }: EndedAttempt): Promise<void> {
    const future = futureOf(record, occurrence, outcome, this.parts);
    // Of a message that is mostly done already, by the commit of its actor; but what remains would be made again and again.
    const isWritten = await this.settle(stored, future);
    const counted = isWritten || record.reminder !== undefined ? undefined : await this.count(stored, record, outcome);
    this.note(stored, outcome, counted ?? future);
  }

  /**
   * Writes down that the handler of a message has refused it, when the delivery was not read before. What failed otherwise is no refusal, and is not written.
   * @throws MoonpoolError STORAGE_UNAVAILABLE, and what is wrong with a record that cannot be read
   */
  async writeRefusal({ stored, record, outcome }: MessageAttempt): Promise<void> {
    const counted = await this.count(stored, record, outcome);
    if (counted !== undefined) this.note(stored, outcome, counted);
  }

  /** Counts a refusal in the delivery as it is now: another attempt may have ended first. Returns what becomes of it; undefined when it does not count. */
  private async count(
    { id, target }: MessageAttempt['stored'],
    { key, executions }: DeliveryRecord,
    outcome: AttemptOutcome,
  ): Promise<DeliveryFuture | undefined> {
    if (outcome.kind !== 'failed' || !isHandlerRefusal(outcome.error)) return undefined;
    for (let attempt = 1; attempt <= MAX_OVERTAKEN; attempt++) {
      const stored = await deliveryOf(this.parts.storage, id, { target });
      if (stored?.dueAt === undefined) return undefined;
      const present = decodeDelivery(id, target, stored.data);
      // A later message may have taken its name.
      if (present.key !== key) return undefined;
      // Where the answer is remembered, all attempts with one key were one execution.
      if (outcome.isRemembered && present.executions > executions) return undefined;
      const occurrence = { dueAt: present.dueAt ?? stored.dueAt, missed: 0 };
      const future = futureOf(present, occurrence, outcome, this.parts);
      if (await this.settle(stored, future)) return future;
    }
    throw new MoonpoolError('STORAGE_UNAVAILABLE', {
      message: `The store could not settle the delivery ${id}: it said ${MAX_OVERTAKEN} times that this was another one by then`,
    });
  }

  private settle({ id, version }: Pick<StoredDelivery, 'id' | 'version'>, { next }: DeliveryFuture): Promise<boolean> {
    const { storage, time } = this.parts;
    const settlement =
      next === undefined
        ? { id, version }
        : { id, version, next: { due: next.due, data: encodeDelivery(id, next.record) } };
    return settle(storage, settlement, time);
  }

  private note({ id, target }: MessageAttempt['stored'], outcome: AttemptOutcome, { became }: DeliveryFuture): void {
    const { counters, refusals } = this.parts;
    counters[became].value++;
    if (became === 'dead' && outcome.kind === 'failed')
      refusals.note('a delivery is not tried any more, for its handler refuses it', id, () => ({
        fields: { actor: target },
        error: outcome.error,
      }));
  }
}
