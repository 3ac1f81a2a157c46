import type { NewDelivery, Settlement } from '../../storage/stored-delivery';

/*
 * What crosses to the thread brings bytes of its own: a view would be sent with the whole buffer behind it, which may be a pool that many share.
 */

export function ownDeliveries(deliveries: readonly NewDelivery[]): readonly NewDelivery[] {
  return deliveries.map(withOwnData);
}

export function ownSettlement({ next, ...settlement }: Settlement): Settlement {
  return next === undefined ? settlement : { ...settlement, next: withOwnData(next) };
}

function withOwnData<T extends { readonly data: Uint8Array }>(record: T): T {
  return { ...record, data: new Uint8Array(record.data) };
}
