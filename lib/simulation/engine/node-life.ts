/**
 * One life of a node, from a start to a crash. JavaScript cannot stop code from outside, so whatever a node uses is bound
 * to its life: once that has ended, nothing that it asked for ever settles, and nothing it asks for is done.
 */
export class NodeLife {
  private hasEnded = false;
  /** Calls of providers after the end: code of a dead node that went on, because something outside of the world settled. */
  staleCalls = 0;

  constructor(
    readonly node: string,
    readonly generation: number,
  ) {}

  get isOver(): boolean {
    return this.hasEnded;
  }

  end(): void {
    this.hasEnded = true;
  }

  /** Asked by each provider at each call: true when the call must be left without effect, for ever. */
  refuses(): boolean {
    if (this.hasEnded) this.staleCalls++;
    return this.hasEnded;
  }

  toString(): string {
    return `${this.node}.${this.generation}`;
  }
}

/** What a provider of a life that is over answers: nothing, ever. Throwing would run handlers that a dead machine would not run. */
export function never<T>(): Promise<T> {
  return new Promise<T>(() => undefined);
}
