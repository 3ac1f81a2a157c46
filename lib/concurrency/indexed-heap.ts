/** What an {@link IndexedHeap} keeps: the item carries its own place, so that it can be taken out from the middle. */
export interface HeapItem {
  /** The item's place in the heap; -1 while it is in none. Written by the heap alone. */
  heapIndex: number;
}

/** A binary heap whose items know their place: add and remove cost O(log n), also for an item in the middle. */
export class IndexedHeap<T extends HeapItem> {
  private readonly items: T[] = [];

  /** @param before true when `a` must leave the heap before `b`. */
  constructor(private readonly before: (a: T, b: T) => boolean) {}

  get size(): number {
    return this.items.length;
  }

  /** The item that leaves next. */
  peek(): T | undefined {
    return this.items[0];
  }

  add(item: T): void {
    this.items.push(item);
    this.siftUp(item, this.items.length - 1);
  }

  take(): T | undefined {
    const first = this.items[0];
    if (first !== undefined) this.remove(first);
    return first;
  }

  /** Takes the item out; does nothing when it is not in the heap. */
  remove(item: T): void {
    const index = item.heapIndex;
    if (index < 0 || this.items[index] !== item) return;
    item.heapIndex = -1;
    const last = this.items.pop() as T;
    if (last === item) return;
    this.siftUp(last, index);
    if (last.heapIndex === index) this.siftDown(last, index);
  }

  /** Takes out every item that the predicate names, and returns how many there were. */
  removeWhere(matches: (item: T) => boolean): number {
    const kept: T[] = [];
    for (const item of this.items) {
      if (matches(item)) item.heapIndex = -1;
      else kept.push(item);
    }
    const removed = this.items.length - kept.length;
    this.items.length = 0;
    for (const item of kept) this.add(item);
    return removed;
  }

  /** The items, in no particular order. */
  values(): readonly T[] {
    return this.items;
  }

  private siftUp(item: T, from: number): void {
    let index = from;
    while (index > 0) {
      const parentIndex = (index - 1) >> 1;
      const parent = this.items[parentIndex] as T;
      if (!this.before(item, parent)) break;
      this.place(parent, index);
      index = parentIndex;
    }
    this.place(item, index);
  }

  private siftDown(item: T, from: number): void {
    let index = from;
    const { length } = this.items;
    for (;;) {
      let childIndex = 2 * index + 1;
      if (childIndex >= length) break;
      const right = childIndex + 1;
      if (right < length && this.before(this.items[right] as T, this.items[childIndex] as T)) childIndex = right;
      const child = this.items[childIndex] as T;
      if (!this.before(child, item)) break;
      this.place(child, index);
      index = childIndex;
    }
    this.place(item, index);
  }

  private place(item: T, index: number): void {
    this.items[index] = item;
    item.heapIndex = index;
  }
}
