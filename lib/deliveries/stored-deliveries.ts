import { isMoonpoolError } from '../errors/moonpool-error';
import type { TimeProvider } from '../providers/time-provider';
import { askStore, type Question } from '../providers/asked-store';
import { byBytes } from '../storage/byte-order';
import { pageBehind } from '../storage/page';
import { STATE_OPERATIONS, type StateStorage } from '../storage/state-storage';
import type { DeliveryPage, DeliveryQuery, Settlement, StoredDelivery } from '../storage/stored-delivery';

/** How many are read at a time. */
const PAGE = 100;

/** How often an operation is tried whose answer was lost. */
const MAX_ATTEMPTS = 4;
const FIRST_WAIT_MS = 20;

const SETTLED: Question<boolean> = {
  operation: STATE_OPERATIONS.settle,
  what: 'answer to a settlement',
  isAnswer: (isSettled) => typeof isSettled === 'boolean',
};

const DELIVERIES = { operation: STATE_OPERATIONS.deliveries, what: 'page of deliveries' };
const idsOf = ({ deliveries }: DeliveryPage): readonly unknown[] => deliveries.map(({ id }) => id);

/** All deliveries that the query asks for, a page at a time. @throws MoonpoolError STORAGE_UNAVAILABLE */
export async function* deliveriesOf(
  storage: StateStorage,
  query: Omit<DeliveryQuery, 'limit'>,
): AsyncGenerator<StoredDelivery, void> {
  for (let { after } = query; ;) {
    const { deliveries, isLast } = await askStore(pageBehind(DELIVERIES, after, idsOf), () =>
      storage.deliveries({ ...query, ...(after === undefined ? {} : { after }), limit: PAGE }),
    );
    yield* deliveries;
    const last = deliveries.at(-1);
    if (isLast || last === undefined) return;
    after = last.id;
  }
}

/** The delivery of that id; undefined when there is none, or none any more. @throws MoonpoolError STORAGE_UNAVAILABLE */
export async function deliveryOf(
  storage: StateStorage,
  id: string,
  query: Pick<DeliveryQuery, 'target' | 'onlyDead'> = {},
): Promise<StoredDelivery | undefined> {
  // The ids behind what it begins with are few, and it is among the first of them.
  for await (const delivery of deliveriesOf(storage, { ...query, after: withoutLastLetter(id) })) {
    if (delivery.id === id) return delivery;
    if (byBytes(delivery.id, id) > 0) return undefined;
  }
  return undefined;
}

/**
 * Settles it, again while the store does not answer: a delivery that is made and not settled is made again. False when it is another one by
 * now or was settled, also by an attempt whose answer was lost. @throws MoonpoolError STORAGE_UNAVAILABLE
 */
export async function settle(storage: StateStorage, settlement: Settlement, time: TimeProvider): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askStore(SETTLED, () => storage.settle(settlement));
    } catch (error) {
      if (!isMoonpoolError(error, 'STORAGE_UNAVAILABLE') || attempt === MAX_ATTEMPTS) throw error;
      await time.sleep(FIRST_WAIT_MS * 2 ** attempt);
    }
  }
}

/** Half of a letter could be looked for in no store. */
function withoutLastLetter(id: string): string {
  return id.replace(/.$/su, '');
}
