import type { StateStorage } from '../storage/state-storage';
import type { DeliveriesDue, DeliveryQuery, Due, NewDelivery, StoredDelivery } from '../storage/stored-delivery';
import { ACTOR, bytes } from './claimed-actor';
import { expectEqual, type Sleep } from './contract';

/** All of the ring. */
export const RING = { from: 0, to: 2 ** 32 };
export const HOUR_MS = 3_600_000;
/** How often it is looked whether something is due, in milliseconds. */
const LOOK_MS = 5;

/** A delivery of most promises: due at once. */
export function delivery(id: string, due: Due = { inMs: 0 }, rest: Partial<NewDelivery> = {}): NewDelivery {
  return { id, target: ACTOR, slot: 5, due, data: bytes(1), ...rest };
}

/** The ids of deliveries. */
export function idsOf(deliveries: readonly StoredDelivery[]): string {
  return deliveries.map(({ id }) => id).join(' ');
}

/** The ids of what is due, in their order. */
export async function dueIds(storage: StateStorage, limit = 100, range = RING): Promise<string> {
  return idsOf((await storage.due(range, limit)).deliveries);
}

/** The ids of a page of deliveries. */
export async function pageIds(storage: StateStorage, query: Partial<DeliveryQuery> = {}): Promise<string> {
  return idsOf((await storage.deliveries({ limit: 100, ...query })).deliveries);
}

/** The delivery as it is stored. */
export async function kept(storage: StateStorage, id: string): Promise<StoredDelivery> {
  const { deliveries } = await storage.deliveries({ limit: 100 });
  const found = deliveries.find((one) => one.id === id);
  expectEqual(`a delivery ${id}`, found?.id, id);
  return found as StoredDelivery;
}

/** Looks again and again until something is due. */
export async function whenDue(storage: StateStorage, sleep: Sleep): Promise<DeliveriesDue> {
  for (;;) {
    const found = await storage.due(RING, 100);
    if (found.deliveries.length > 0) return found;
    await sleep(LOOK_MS);
  }
}
