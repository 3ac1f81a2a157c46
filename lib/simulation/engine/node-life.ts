import type { TurnObserver } from './turn-observer';

/**
 * One life of a simulated machine's process: from its start to its crash or stop. Everything that a process has, its
 * timers, connections and requests, belongs to a life and ends with it. A JavaScript function cannot be aborted, so what
 * a dead life still calls neither settles nor throws: its code stops exactly there.
 */
export class NodeLife {
  private ended = false;
  private stale = 0;
  /** Looks after the code of actors, when this run does. */
  observer: TurnObserver | undefined;

  /**
   * @param machine the name of the machine. @param generation how many lives it had, this one included.
   * @param number the place of this life among all lives of its world: small, for hashes.
   */
  constructor(
    readonly machine: string,
    readonly generation: number,
    readonly number: number,
  ) {}

  get isAlive(): boolean {
    return !this.ended;
  }

  /** How often code of this life reached for the world after its end: each time it was woken by something shared. */
  get staleCalls(): number {
    return this.stale;
  }

  end(): void {
    this.ended = true;
  }

  /** True when the life may act. Every method of its providers asks first. */
  enter(): boolean {
    this.observer?.reached();
    if (this.ended) this.stale++;
    return !this.ended;
  }

  toString(): string {
    return `${this.machine}.${this.generation}`;
  }
}

/** What a dead life gets from its providers: a promise that never settles. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
