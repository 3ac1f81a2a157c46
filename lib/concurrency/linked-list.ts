/** What a {@link LinkedList} keeps: the item carries its links, so that being in a list takes no memory beside it. One list at a time. */
export interface Linked {
  /** Neighbours in the list. Written by the list alone. */
  earlier: Linked | undefined;
  later: Linked | undefined;
  /** True while it is in a list. Written by the list alone. */
  isLinked: boolean;
}

/**
 * Items in the order in which they came. Appending, and taking one out wherever it stands, cost the same however many there are.
 * To walk through: from {@link first}, by {@link after}.
 */
export class LinkedList<T extends Linked> {
  private oldest: T | undefined;
  private newest: T | undefined;
  private count = 0;

  get length(): number {
    return this.count;
  }

  /** The item that has been in the list longest. */
  get first(): T | undefined {
    return this.oldest;
  }

  /** The item that came last. */
  get last(): T | undefined {
    return this.newest;
  }

  /** The item that came next after this one. */
  after(item: T): T | undefined {
    return item.later as T | undefined;
  }

  /** @param item one that is in no list. */
  append(item: T): void {
    const { newest } = this;
    item.isLinked = true;
    item.earlier = newest;
    if (newest === undefined) this.oldest = item;
    else newest.later = item;
    this.newest = item;
    this.count++;
  }

  /** Takes the item out of this list; false, and nothing is done, when it is in no list. */
  unlink(item: T): boolean {
    if (!item.isLinked) return false;
    const { earlier, later } = item;
    if (earlier === undefined) this.oldest = later as T | undefined;
    else earlier.later = later;
    if (later === undefined) this.newest = earlier as T | undefined;
    else later.earlier = earlier;
    item.earlier = undefined;
    item.later = undefined;
    item.isLinked = false;
    this.count--;
    return true;
  }

  /** Takes out the item that has been in the list longest; undefined when there is none. */
  shift(): T | undefined {
    const { oldest } = this;
    if (oldest !== undefined) this.unlink(oldest);
    return oldest;
  }

  /** All items, the first one first. A list of its own: what is done about one may take out others. */
  get items(): readonly T[] {
    const items: T[] = [];
    for (let item = this.oldest; item !== undefined; item = this.after(item)) items.push(item);
    return items;
  }
}
