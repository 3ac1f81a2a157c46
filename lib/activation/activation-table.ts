import type { Activation } from './activation';
import { StatelessWorkers } from './stateless-workers';

/** Begins the names under which workers are kept beside the paths of other actors: no path holds it. */
const WORKER_MARK = '\n';

/** The activations of a node: one of each actor, by its path, but for stateless workers, of which there may be several. */
export class ActivationTable {
  private readonly byName = new Map<string, Activation>();
  /** The one that was found last: who has asked whether it is here most often delivers something to it next. */
  private latest: Activation | undefined;
  /** The stateless workers among them, by the path that they share. */
  private readonly workers = new Map<string, StatelessWorkers>();

  get size(): number {
    return this.byName.size;
  }

  /** All of them. A list of its own: what is done about one may end it. */
  get all(): readonly Activation[] {
    return [...this.byName.values()];
  }

  /** The one activation of the actor; undefined for stateless workers. */
  get(path: string): Activation | undefined {
    if (this.latest?.target.path === path) return this.latest;
    const found = this.byName.get(path);
    // Workers are asked for by no path.
    if (found !== undefined) this.latest = found;
    return found;
  }

  /** The activations of a stateless worker; undefined while there is none. */
  workersOf(path: string): StatelessWorkers | undefined {
    return this.workers.size === 0 ? undefined : this.workers.get(path);
  }

  add(activation: Activation): void {
    this.byName.set(nameOf(activation), activation);
    const { target, descriptor } = activation;
    const { maxPerNode } = descriptor.addressing;
    if (maxPerNode === undefined) {
      this.latest = activation;
      return;
    }
    const pool = this.workers.get(target.path) ?? new StatelessWorkers(maxPerNode);
    this.workers.set(target.path, pool);
    pool.add(activation);
  }

  /** Does nothing for one whose place another has taken. */
  remove(activation: Activation): void {
    const name = nameOf(activation);
    if (this.latest === activation) this.latest = undefined;
    if (this.byName.get(name) === activation) this.byName.delete(name);
    const { path } = activation.target;
    const pool = this.workersOf(path);
    pool?.remove(activation);
    if (pool?.size === 0) this.workers.delete(path);
  }
}

/** Of most actors there is one, and their path is its name; workers have names of their own. */
function nameOf({ target, id, descriptor }: Activation): string {
  return descriptor.addressing.maxPerNode === undefined ? target.path : `${WORKER_MARK}${id}`;
}
