import type { Activation } from './activation';

/** The activations of one stateless worker on this node: made as load needs them, and let go when they are idle. */
export class StatelessWorkers {
  private readonly workers: Activation[] = [];

  constructor(private readonly maxPerNode: number) {}

  get size(): number {
    return this.workers.length;
  }

  get all(): readonly Activation[] {
    return this.workers;
  }

  add(worker: Activation): void {
    this.workers.push(worker);
  }

  remove(worker: Activation): void {
    const index = this.workers.indexOf(worker);
    if (index >= 0) this.workers.splice(index, 1);
  }

  /** One that has nothing to do; undefined when a new one should be made, as far as there may be more. */
  get free(): Activation | undefined {
    return this.workers.find((worker) => !worker.isEnding && loadOf(worker) === 0);
  }

  get mayGrow(): boolean {
    return this.workers.length < this.maxPerNode;
  }

  /** The one with the least to do; those that are ending come last. */
  get leastLoaded(): Activation | undefined {
    let least: Activation | undefined;
    for (const worker of this.workers) {
      if (
        least === undefined ||
        (least.isEnding && !worker.isEnding) ||
        (least.isEnding === worker.isEnding && loadOf(worker) < loadOf(least))
      )
        least = worker;
    }
    return least;
  }
}

function loadOf({ loop }: Activation): number {
  return loop.running + loop.waiting;
}
