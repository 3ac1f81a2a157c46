import type { DeliveryRange, StoredDelivery } from '../storage/stored-delivery';
import type { Places } from './places';
import { slotOf } from './ring';

/** Around how many actors the ring is asked for what is due, at most: each makes it one question more. */
const MOST_LEFT_OUT = 16;

/** An actor that has as many deliveries under way as it may, and for which more are due. */
interface HeldActor {
  readonly slot: number;
  /** Of the earliest of those. */
  readonly dueAt: number | undefined;
}

/**
 * The actors whose deliveries wait for others to the same actor. However many these are, they must not fill the pages of what is due: while an actor
 * is held back the store is asked for the parts of the ring on both sides of it.
 */
export class HeldBack {
  private readonly actors = new Map<string, HeldActor>();

  /** Since when something is due to one of them, in milliseconds since 1970; undefined when there are none. */
  get earliest(): number | undefined {
    let earliest: number | undefined;
    for (const { dueAt } of this.actors.values())
      if (dueAt !== undefined && (earliest === undefined || dueAt < earliest)) earliest = dueAt;
    return earliest;
  }

  /** How many of them are left out of what is asked. */
  get leftOut(): number {
    return Math.min(this.actors.size, MOST_LEFT_OUT);
  }

  /** It must wait. Called in the order in which they are due. Returns false when the next pages have it too, for there are too many such actors. */
  add({ target, dueAt }: StoredDelivery): boolean {
    if (!this.actors.has(target)) this.actors.set(target, { slot: slotOf(target), dueAt });
    if (this.actors.size <= MOST_LEFT_OUT) return true;
    let index = 0;
    for (const actor of this.actors.keys()) {
      if (index++ === MOST_LEFT_OUT) return false;
      if (actor === target) return true;
    }
    return false;
  }

  /** True when the actor is held back, and need not be any more. */
  mayGoOn(actor: string, places: Places): boolean {
    return this.actors.has(actor) && places.isAtEase(actor);
  }

  /** Those that have room again are held back no more. */
  release(places: Places): void {
    for (const actor of this.actors.keys()) if (places.isAtEase(actor)) this.actors.delete(actor);
  }

  /** What is left of the range without them. */
  without({ from, to }: DeliveryRange): readonly DeliveryRange[] {
    const slots = [...this.actors.values()]
      .slice(0, MOST_LEFT_OUT)
      .map(({ slot }) => slot)
      .sort((a, b) => a - b);
    const ranges: DeliveryRange[] = [];
    let start = from;
    for (const slot of slots) {
      if (slot < start || slot >= to) continue;
      if (slot > start) ranges.push({ from: start, to: slot });
      start = slot + 1;
    }
    if (start < to) ranges.push({ from: start, to });
    return ranges;
  }
}
