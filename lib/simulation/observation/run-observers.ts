import type { MoonpoolError } from '../../errors/moonpool-error';
import type { ObservedRun, RunObserver } from './run-observer';

/** The observers of one run, in their order. */
export class RunObservers {
  private readonly attached: RunObserver[] = [];

  constructor(private readonly observers: readonly RunObserver[]) {}

  attach(run: ObservedRun): void {
    for (const observer of this.observers) {
      observer.attach(run);
      this.attached.push(observer);
    }
  }

  begin(test: object): void {
    for (const observer of this.attached) observer.begin?.(test);
  }

  /** The first fault that one of them finds: they are asked one after the other, for some let time pass. */
  async findFault(): Promise<MoonpoolError | undefined> {
    for (const observer of this.attached) {
      const fault = await observer.findFault?.();
      if (fault !== undefined) return fault;
    }
    return undefined;
  }

  /** Has each of them let go, the last one first. */
  detach(): void {
    for (const observer of this.attached.splice(0).reverse()) observer.detach?.();
  }

  /** What the run ends with, after each of them has had its say. */
  verdict(error: unknown): unknown {
    return this.observers.reduce<unknown>((known, observer) => {
      return observer.verdict === undefined ? known : observer.verdict(known);
    }, error);
  }
}
