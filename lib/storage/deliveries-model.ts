import { byBytes } from './byte-order';
import type {
  DeliveriesDue,
  DeliveryPage,
  DeliveryQuery,
  DeliveryRange,
  Due,
  NewDelivery,
  Settlement,
  StoredDelivery,
} from './stored-delivery';

interface KeptDelivery extends StoredDelivery {
  readonly slot: number;
}

/** The deliveries of a store as plain data in memory. */
export class DeliveriesModel {
  private readonly kept = new Map<string, KeptDelivery>();
  /** Of the last write of any of them, so that no version comes twice. */
  private writes = 0;

  constructor(private readonly now: () => number) {}

  has(id: string): boolean {
    return this.kept.has(id);
  }

  put({ id, target, slot, due, data }: NewDelivery): void {
    this.kept.set(id, {
      id,
      target,
      slot,
      dueAt: this.momentOf(due),
      version: ++this.writes,
      data: Uint8Array.from(data),
    });
  }

  remove(id: string): void {
    this.kept.delete(id);
  }

  due({ from, to }: DeliveryRange, limit: number): DeliveriesDue {
    const now = this.now();
    const waiting = [...this.kept.values()]
      .filter(({ slot, dueAt }) => dueAt !== undefined && slot >= from && slot < to)
      .sort((a, b) => (a.dueAt as number) - (b.dueAt as number) || byBytes(a.id, b.id));
    const due = waiting.filter(({ dueAt }) => (dueAt as number) <= now);
    return { deliveries: due.slice(0, limit).map(shown), now, nextAt: waiting[due.length]?.dueAt };
  }

  settle({ id, version, next }: Settlement): boolean {
    const present = this.kept.get(id);
    if (present?.version !== version) return false;
    if (next === undefined) this.kept.delete(id);
    else {
      const dueAt = next.due === 'never' ? undefined : this.momentOf(next.due);
      this.kept.set(id, { ...present, dueAt, version: ++this.writes, data: Uint8Array.from(next.data) });
    }
    return true;
  }

  page({ target, onlyDead, after, limit }: DeliveryQuery): DeliveryPage {
    const found = [...this.kept.values()]
      .filter((one) => target === undefined || one.target === target)
      .filter(({ dueAt }) => onlyDead !== true || dueAt === undefined)
      .filter(({ id }) => after === undefined || byBytes(id, after) > 0)
      .sort((a, b) => byBytes(a.id, b.id));
    return { deliveries: found.slice(0, limit).map(shown), isLast: found.length <= limit };
  }

  private momentOf(due: Due): number {
    return 'at' in due ? due.at : this.now() + due.inMs;
  }
}

function shown({ id, target, dueAt, version, data }: KeptDelivery): StoredDelivery {
  return { id, target, dueAt, version, data };
}
