import { IndexedHeap, type HeapItem } from './indexed-heap';
import { LinkedList, type Linked } from './linked-list';

/** What a {@link DeadlineQueue} keeps: the item carries its place in it. */
export interface DeadlineItem extends HeapItem, Linked {
  readonly deadline: number;
}

/**
 * Items by their deadlines. Most items have a deadline that is not before those already there, because most have the
 * same time to live: they form a list, to which adding and from which removing costs nothing, however many there are.
 * The few others are kept in a heap.
 */
export class DeadlineQueue<T extends DeadlineItem> {
  private readonly listed = new LinkedList<T>();
  private readonly early = new IndexedHeap<T>((a, b) => a.deadline < b.deadline);

  get size(): number {
    return this.listed.length + this.early.size;
  }

  add(item: T): void {
    const { last } = this.listed;
    if (last !== undefined && item.deadline < last.deadline) this.early.add(item);
    else this.listed.append(item);
  }

  /** Takes the item out; does nothing when it is not in the queue. */
  remove(item: T): void {
    if (!this.listed.unlink(item)) this.early.remove(item);
  }

  /** The item whose deadline comes first. */
  peek(): T | undefined {
    const early = this.early.peek();
    const { first } = this.listed;
    if (early === undefined || first === undefined) return early ?? first;
    return early.deadline < first.deadline ? early : first;
  }

  /** All items, in no particular order. */
  values(): readonly T[] {
    return [...this.early.values(), ...this.listed.items];
  }
}
