import type { RunRecipe } from '../seed-run/run-recipe';
import type { SeedResult } from '../seed-run/seed-result';
import type { ResultListener } from '../runner/seed-runner';
import type { FarmTask } from './farm-message';

/** What is to be run, and what came of it, put back into order. */
export class Harvest {
  readonly done: Promise<void>;
  private readonly recipes: Iterator<RunRecipe>;
  private readonly returned: FarmTask[] = [];
  private readonly early = new Map<number, SeedResult>();
  private resolve!: () => void;
  private reject!: (error: unknown) => void;
  private handedOut = 0;
  private told = 0;
  private allHandedOut = false;
  private stopped = false;

  constructor(
    recipes: Iterable<RunRecipe>,
    private readonly onResult: ResultListener,
    private readonly limitAhead: number,
  ) {
    this.recipes = recipes[Symbol.iterator]();
    this.done = new Promise<void>((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** The next task; undefined when there is none, or none yet. */
  next(): FarmTask | undefined {
    if (this.stopped) return undefined;
    const returned = this.returned.shift();
    if (returned !== undefined) return returned;
    if (this.allHandedOut || this.handedOut - this.told >= this.limitAhead) return undefined;
    const { value, done } = this.recipes.next();
    if (done === true) {
      this.allHandedOut = true;
      if (this.told === this.handedOut) this.stop();
      return undefined;
    }
    return { number: this.handedOut++, recipe: value };
  }

  giveBack(tasks: readonly FarmTask[]): void {
    this.returned.push(...tasks);
  }

  bring(number: number, result: SeedResult): void {
    this.early.set(number, result);
    for (let next = this.early.get(this.told); next !== undefined && !this.stopped; next = this.early.get(this.told)) {
      this.early.delete(this.told++);
      try {
        if (this.onResult(next) === false) this.stop();
      } catch (error) {
        this.fail(error);
      }
    }
    if (this.allHandedOut && this.told === this.handedOut) this.stop();
  }

  stop(): void {
    this.stopped = true;
    this.resolve();
  }

  fail(error: unknown): void {
    this.stopped = true;
    this.reject(error);
  }
}
