/**
 * Why one transaction comes before another. `ww`: its append stands before the other's. `wr`: the other read its append. `rw`: it
 * did not see what the other appended. `rt`: it had ended before the other began.
 */
export type DependencyKind = 'ww' | 'wr' | 'rw' | 'rt';

export interface Dependency {
  readonly from: number;
  readonly to: number;
  readonly kind: DependencyKind;
  /** The reason in words. */
  readonly why: string;
}

/** Which transactions, by number, come before which. */
export class DependencyGraph {
  private readonly outgoing: Dependency[][];

  constructor(readonly size: number) {
    this.outgoing = Array.from({ length: size }, () => []);
  }

  add(dependency: Dependency): void {
    if (dependency.from !== dependency.to) this.outgoing[dependency.from]?.push(dependency);
  }

  get dependencies(): readonly Dependency[] {
    return this.outgoing.flat();
  }

  /** The shortest way from one transaction to another over dependencies of these kinds; undefined when there is none. */
  shortestPath(from: number, to: number, kinds: ReadonlySet<DependencyKind>): readonly Dependency[] | undefined {
    const arrived = new Map<number, Dependency>();
    let border = [from];
    while (border.length > 0 && !arrived.has(to)) {
      const next: number[] = [];
      for (const dependency of border.flatMap((node) => this.outgoing[node] ?? [])) {
        if (!kinds.has(dependency.kind) || arrived.has(dependency.to)) continue;
        arrived.set(dependency.to, dependency);
        next.push(dependency.to);
      }
      border = next;
    }
    const path: Dependency[] = [];
    for (let node = to; ;) {
      const step = arrived.get(node);
      if (step === undefined) return undefined;
      path.unshift(step);
      node = step.from;
      if (node === from) return path;
    }
  }

  /**
   * The number of the strongly connected component of each transaction: whoever lies on a common cycle has the same. R. Tarjan
   * (1972), without recursion, for long histories.
   */
  components(kinds: ReadonlySet<DependencyKind>): Int32Array {
    const { size } = this;
    const component = new Int32Array(size).fill(-1);
    const order = new Int32Array(size).fill(-1);
    const low = new Int32Array(size);
    const position = new Int32Array(size);
    const open: number[] = [];
    let counter = 0;
    let components = 0;
    for (let root = 0; root < size; root++) {
      if (order[root] !== -1) continue;
      const path = [root];
      while (path.length > 0) {
        const node = path[path.length - 1] as number;
        if (order[node] === -1) {
          order[node] = low[node] = counter++;
          open.push(node);
        }
        const edges = this.outgoing[node] as Dependency[];
        let descended = false;
        while ((position[node] as number) < edges.length) {
          const { to, kind } = edges[position[node] as number] as Dependency;
          if (kinds.has(kind)) {
            if (order[to] === -1) {
              path.push(to);
              descended = true;
              break;
            }
            if (component[to] === -1) low[node] = Math.min(low[node] as number, low[to] as number);
          }
          (position[node] as number)++;
        }
        if (descended) continue;
        path.pop();
        if (low[node] !== order[node]) continue;
        for (let member = -1; member !== node;) {
          member = open.pop() as number;
          component[member] = components;
        }
        components++;
      }
    }
    return component;
  }
}
