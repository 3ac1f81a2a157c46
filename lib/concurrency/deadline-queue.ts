import { IndexedHeap, type HeapItem } from './indexed-heap';

/** What a {@link DeadlineQueue} keeps: the item carries its place in it. */
export interface DeadlineItem extends HeapItem {
  readonly deadline: number;
  /** Neighbours in the queue. Written by the queue alone. */
  earlier: DeadlineItem | undefined;
  later: DeadlineItem | undefined;
  isQueued: boolean;
}

/**
 * Items by their deadlines. Most items have a deadline that is not before those already there, because most have the
 * same time to live: they form a list, to which adding and from which removing costs nothing, however many there are.
 * The few others are kept in a heap.
 */
export class DeadlineQueue<T extends DeadlineItem> {
  private first: T | undefined;
  private last: T | undefined;
  private listed = 0;
  private readonly early = new IndexedHeap<T>((a, b) => a.deadline < b.deadline);

  get size(): number {
    return this.listed + this.early.size;
  }

  add(item: T): void {
    const { last } = this;
    if (last !== undefined && item.deadline < last.deadline) {
      this.early.add(item);
      return;
    }
    item.isQueued = true;
    item.earlier = last;
    if (last === undefined) this.first = item;
    else last.later = item;
    this.last = item;
    this.listed++;
  }

  /** Takes the item out; does nothing when it is not in the queue. */
  remove(item: T): void {
    if (!item.isQueued) {
      this.early.remove(item);
      return;
    }
    const { earlier, later } = item;
    if (earlier === undefined) this.first = later as T | undefined;
    else earlier.later = later;
    if (later === undefined) this.last = earlier as T | undefined;
    else later.earlier = earlier;
    item.earlier = undefined;
    item.later = undefined;
    item.isQueued = false;
    this.listed--;
  }

  /** The item whose deadline comes first. */
  peek(): T | undefined {
    const early = this.early.peek();
    if (early === undefined || this.first === undefined) return early ?? this.first;
    return early.deadline < this.first.deadline ? early : this.first;
  }

  /** All items, in no particular order. */
  values(): readonly T[] {
    const items = [...this.early.values()];
    for (let item = this.first; item !== undefined; item = item.later as T | undefined) items.push(item);
    return items;
  }
}
