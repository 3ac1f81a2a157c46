import type { Call } from '../calls/call';
import { Deferred } from '../concurrency/deferred';

/** Calls that were sent somewhere, and a promise of the moment when no answer to any of them is expected from there any more. */
interface Watch {
  readonly left: Set<Call>;
  readonly gone: Deferred<void>;
}

/** Tells when calls are gone from where they were sent: answered, rejected, given up, or lost with their connection. */
export class SentCalls {
  private readonly watches = new Set<Watch>();

  /** Of how many groups of calls it is awaited. */
  get watched(): number {
    return this.watches.size;
  }

  /** Resolves when all of the calls are gone. */
  whenGone(calls: readonly Call[]): Promise<void> {
    if (calls.length === 0) return Promise.resolve();
    const watch = { left: new Set(calls), gone: new Deferred<void>() };
    this.watches.add(watch);
    return watch.gone.promise;
  }

  /** The call is gone. */
  noteGone(call: Call): void {
    for (const watch of this.watches) {
      if (!watch.left.delete(call) || watch.left.size > 0) continue;
      this.watches.delete(watch);
      watch.gone.resolve();
    }
  }
}
