import type { StoredDelivery } from '../storage/stored-delivery';

/** How many more are read at most, to get past those that cannot be delivered here. */
const MOST_MORE = 65_536;
const FIRST_MORE = 64;

/** How many that cannot be read are remembered. */
const MOST_REMEMBERED = 10_000;

/**
 * Chooses from what the store says is due. What cannot be delivered here stays in the store and comes with every page: deliveries of other
 * applications in the same store, and records that cannot be read. So pages are as much larger as there were such, lest these keep the others from being seen.
 */
export class DuePage {
  /** By id, the version that could not be read. */
  private readonly unreadable = new Map<string, number>();
  private limit = 0;
  private more = 0;
  private length = 0;

  /** @param prefix of the paths of this application's actors. */
  constructor(private readonly prefix: string) {}

  /** How large the next page is to be. @param wanted how many could be begun, and are under way. */
  limitFor(wanted: number): number {
    this.limit = wanted + this.more;
    return this.limit;
  }

  /** There is more than the last page held. */
  get isCut(): boolean {
    return this.length > 0 && this.length >= this.limit;
  }

  /** The next page will be larger than the last one. */
  get canGrow(): boolean {
    return this.more > 0 && this.more < MOST_MORE;
  }

  /** Those of the page that may be begun. */
  choose(page: readonly StoredDelivery[], underWay: ReadonlyMap<string, unknown>): readonly StoredDelivery[] {
    this.length = page.length;
    let passedOver = 0;
    const chosen = page.filter((delivery) => {
      if (underWay.has(delivery.id)) return false;
      const isOurs = delivery.target.startsWith(this.prefix) && this.unreadable.get(delivery.id) !== delivery.version;
      if (!isOurs) passedOver++;
      return isOurs;
    });
    this.more =
      passedOver === 0 ? 0 : Math.min(MOST_MORE, this.isCut ? Math.max(FIRST_MORE, passedOver * 2) : passedOver);
    return chosen;
  }

  /** It cannot be delivered as it is. */
  passOver({ id, version }: StoredDelivery): void {
    const [oldest] = this.unreadable.keys();
    if (this.unreadable.size >= MOST_REMEMBERED && oldest !== undefined) this.unreadable.delete(oldest);
    this.unreadable.set(id, version);
  }
}
