import type { DeliveriesDue, StoredDelivery } from '../storage/stored-delivery';

/** How many more are read at most, to get past those that cannot be delivered here. */
const MOST_MORE = 65_536;
const FIRST_MORE = 64;

/** How many that cannot be read are remembered: more than a page holds. With fewer, all of a page would be forgotten, read and told again at each look. */
const MOST_REMEMBERED = 2 * MOST_MORE;

/** What is due in a part of the ring, and the moment of this node's clock at which the store said so. */
export interface Reading {
  readonly due: DeliveriesDue;
  readonly at: number;
}

/** A delivery that is to be begun. */
export interface ChosenDelivery {
  readonly delivery: StoredDelivery;
  readonly reading: Reading;
}

/**
 * What is to be done with a delivery that is for this application. `wait`: it is under way, or waits for others to its actor. `crowded`: all places are taken.
 * `pass over`: it stays, and takes room on the pages.
 */
export type DueVerdict = 'begin' | 'wait' | 'crowded' | 'pass over';

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
  private crowded = false;

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

  /** There was more on the last page than there were places for. */
  get isCrowded(): boolean {
    return this.crowded;
  }

  /** The next page will be larger than the last one. */
  get canGrow(): boolean {
    return this.more > 0 && this.more < MOST_MORE;
  }

  /** Those of the pages, one for each part of the ring, that are to be begun: the earliest first. @param admit is asked in this order. */
  choose(readings: readonly Reading[], admit: (due: ChosenDelivery) => DueVerdict): readonly ChosenDelivery[] {
    this.length = Math.max(0, ...readings.map(({ due }) => due.deliveries.length));
    this.crowded = false;
    let passedOver = 0;
    const chosen = inOrder(readings).filter((due) => {
      const verdict = this.isForUs(due.delivery) ? admit(due) : 'pass over';
      if (verdict === 'pass over') passedOver++;
      else if (verdict === 'crowded') this.crowded = true;
      return verdict === 'begin';
    });
    this.more =
      passedOver === 0 ? 0 : Math.min(MOST_MORE, this.isCut ? Math.max(FIRST_MORE, passedOver * 2) : passedOver);
    return chosen;
  }

  private isForUs({ id, target, version }: StoredDelivery): boolean {
    return target.startsWith(this.prefix) && this.unreadable.get(id) !== version;
  }

  /** It cannot be delivered as it is. */
  passOver({ id, version }: StoredDelivery): void {
    const [oldest] = this.unreadable.keys();
    if (this.unreadable.size >= MOST_REMEMBERED && oldest !== undefined) this.unreadable.delete(oldest);
    this.unreadable.set(id, version);
  }
}

/** What the pages hold, the earliest first; each of them is in that order. */
function inOrder(readings: readonly Reading[]): ChosenDelivery[] {
  const all = readings.flatMap((reading) => reading.due.deliveries.map((delivery) => ({ delivery, reading })));
  return readings.length === 1 ? all : all.sort((a, b) => (a.delivery.dueAt ?? 0) - (b.delivery.dueAt ?? 0));
}
