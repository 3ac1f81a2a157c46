/** A binary heap of what is due, the earliest first. */
export class TimeHeap<T extends { readonly at: number }> {
  private readonly items: T[] = [];

  /** What is due first. */
  peek(): T | undefined {
    return this.items[0];
  }

  push(item: T): void {
    const { items } = this;
    let index = items.length;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = items[parent] as T;
      if (above.at <= item.at) break;
      items[index] = above;
      index = parent;
    }
    items[index] = item;
  }

  pop(): T | undefined {
    const { items } = this;
    const first = items[0];
    const last = items.pop();
    if (last === undefined || items.length === 0) return first;
    const { length } = items;
    let index = 0;
    for (let child = 1; child < length; child = 2 * index + 1) {
      const right = child + 1;
      if (right < length && (items[right] as T).at < (items[child] as T).at) child = right;
      const below = items[child] as T;
      if (last.at <= below.at) break;
      items[index] = below;
      index = child;
    }
    items[index] = last;
    return first;
  }
}
