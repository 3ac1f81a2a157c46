import type { TurnObserver } from './turn-observer';

/**
 * One life of a simulated machine's process: from its start to its crash or stop. Everything that a process has, its
 * timers, connections and requests, belongs to a life and ends with it. A JavaScript function cannot be aborted, so what
 * a dead life still calls neither settles nor throws: its code stops exactly there.
 */
export class NodeLife {
  /** True while the process stands still: it reads nothing, computes nothing, and no timer of it fires. */
  isPaused = false;
  /** Is asked before each call of this life to the world; it may end the life. */
  beforeCall: (() => void) | undefined;
  /** Looks after the code of actors, when this run does. */
  observer: TurnObserver | undefined;
  private endedAt = Infinity;

  /**
   * @param machine the name of the machine. @param generation how many lives it had, this one included.
   * @param number the place of this life among all lives of its world: small, for hashes.
   * @param onStaleCall called when code of this life reaches for the world after its end.
   */
  constructor(
    readonly machine: string,
    readonly generation: number,
    readonly number: number,
    private readonly onStaleCall: () => void = () => undefined,
  ) {}

  get isAlive(): boolean {
    return this.endedAt === Infinity;
  }

  /** How many events had happened when it ended; infinity while it lives. */
  get endedAtEvent(): number {
    return this.endedAt;
  }

  /** @param atEvent how many events have happened. */
  end(atEvent: number): void {
    this.endedAt = atEvent;
    this.beforeCall = undefined;
  }

  /** True when the life may act. Every method of its providers asks first. */
  enter(): boolean {
    this.observer?.reached();
    if (!this.isAlive) this.onStaleCall();
    else if (this.beforeCall !== undefined) this.beforeCall();
    return this.isAlive;
  }

  toString(): string {
    return `${this.machine}.${this.generation}`;
  }
}

/** What a dead life gets from its providers: a promise that never settles. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
