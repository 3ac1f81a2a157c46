import { count, label, mandatory, text } from '../options/option-kind';
import { checkArguments, optionTable } from '../options/option-table';
import { isMoonpoolError } from '../errors/moonpool-error';
import { messageOf } from '../errors/thrown-value';
import type { TimeProvider } from '../providers/time-provider';
import type { StateStorage } from '../storage/state-storage';
import type { StoredDelivery } from '../storage/stored-delivery';
import { decodeDelivery, encodeDelivery, type DeliveryFailure } from './delivery-record';
import { deliveriesOf, deliveryOf, settle } from './stored-deliveries';

/** Which dead letters are shown. */
export interface DeadLetterQuery {
  /** The id behind which they begin. Default: at the first one. */
  readonly after?: string;
  /** How many at most. Default: all. */
  readonly limit?: number;
}

export const DEAD_LETTER_QUERY = optionTable<DeadLetterQuery>({
  after: text('the id of a dead letter'),
  limit: count(1),
});

/** A message that its handler has refused so often that it is not tried any more. */
export interface DeadLetter {
  readonly id: string;
  /** The path of the actor that it is for. */
  readonly target: string;
  /** Its handler; of a reminder `$reminder/` and its name. Empty when the record cannot be read. */
  readonly handler: string;
  /** Why the last attempt failed, or why the record cannot be read. */
  readonly error: DeliveryFailure;
  /** How often it was tried. */
  readonly attempts: number;
  /** When it was due, by the store's clock. */
  readonly dueAt: Date | undefined;
}

const letterId = mandatory(label(2_000));

/** The dead letters of an application: `for await (const letter of runtime.deadLetters())`. They stay until somebody decides. */
export class DeadLetters implements AsyncIterable<DeadLetter> {
  /** @param namespace the application whose letters they are. */
  constructor(
    private readonly namespace: string,
    private readonly storage: StateStorage,
    private readonly time: TimeProvider,
    private readonly query: DeadLetterQuery = {},
  ) {}

  /** In the order of their ids, read a page at a time. Throws what the store throws. */
  async *[Symbol.asyncIterator](): AsyncGenerator<DeadLetter, void> {
    const { after, limit = Number.POSITIVE_INFINITY } = this.query;
    let left = limit;
    for await (const stored of deliveriesOf(this.storage, {
      onlyDead: true,
      ...(after === undefined ? {} : { after }),
    })) {
      if (!this.isOurs(stored)) continue;
      yield letterOf(stored);
      if (--left === 0) return;
    }
  }

  /** It is tried again, at once and as if for the first time. False when it is no dead letter any more. @throws MoonpoolError STORAGE_CORRUPT, STORAGE_TOO_NEW, STATE_MISPLACED, STORAGE_UNAVAILABLE */
  async resend(id: string): Promise<boolean> {
    const stored = await this.find('resend', id);
    if (stored === undefined) return false;
    const record = { ...decodeDelivery(id, stored.target, stored.data), attempts: 0, refusals: 0 };
    const next = { due: { inMs: 0 }, data: encodeDelivery(id, record) };
    return settle(this.storage, { id, version: stored.version, next }, this.time);
  }

  /** It is removed for good. False when it is no dead letter any more. @throws MoonpoolError STORAGE_UNAVAILABLE */
  async discard(id: string): Promise<boolean> {
    const stored = await this.find('discard', id);
    return stored !== undefined && settle(this.storage, { id, version: stored.version }, this.time);
  }

  private async find(verb: string, id: string): Promise<StoredDelivery | undefined> {
    checkArguments(`deadLetters.${verb}`, { id: [letterId, id] });
    const stored = await deliveryOf(this.storage, id, { onlyDead: true });
    return stored !== undefined && this.isOurs(stored) ? stored : undefined;
  }

  private isOurs({ target }: StoredDelivery): boolean {
    return target.startsWith(`${this.namespace}/`);
  }
}

function letterOf({ id, target, data }: StoredDelivery): DeadLetter {
  try {
    const { method, failure, attempts, dueAt } = decodeDelivery(id, target, data);
    const error = failure ?? { code: 'Error', message: 'nothing is known of why it failed' };
    return { id, target, handler: method, error, attempts, dueAt: dueAt === undefined ? undefined : new Date(dueAt) };
  } catch (error) {
    const code = isMoonpoolError(error) ? error.code : 'Error';
    return { id, target, handler: '', error: { code, message: messageOf(error) }, attempts: 0, dueAt: undefined };
  }
}
