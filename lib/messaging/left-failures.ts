import type { Call } from '../calls/call';
import type { Invocation } from '../calls/invocation';
import { forgoAnswer } from '../concurrency/prompt-answer';
import type { RefusalLog } from '../observability/refusal-log';

/** What is to be known of a call that nobody may wait for. */
interface LeftCall extends Pick<Invocation, 'scope' | 'target'> {
  readonly handler: { readonly method: string };
}

/**
 * Failures of calls that a turn has made. A handler may forget to await a call, or await others before it: Node.js would end the process
 * for its failure, and with it everybody else's actors. So it is marked as handled, where the call fails and not before, so that one that
 * succeeds pays nothing. When the turn is over by then, nobody can be told but the log. Outside of turns all is as it is everywhere.
 */
export class LeftFailures {
  constructor(private readonly refusals: RefusalLog) {}

  /** The call is about to fail. */
  onFailed({ scope, promise, target, request }: Call, error: unknown): void {
    if (scope === undefined || promise === undefined) return;
    forgoAnswer(promise);
    if (scope.isOver) this.tell(target.path, request.method, error);
  }

  /** The promise of a call that will not be made is about to be rejected. */
  failing(promise: Promise<unknown>, { scope, target, handler }: LeftCall, error: unknown): void {
    if (scope === undefined) return;
    forgoAnswer(promise);
    if (scope.isOver) this.tell(target.id.path, handler.method, error);
  }

  /** For calls that are more than one, or not made yet: what the promise says is what their caller gets. Returns the promise. */
  watch<T>(promise: Promise<T>, { scope, target, handler }: LeftCall): Promise<T> {
    if (scope === undefined) return promise;
    void promise.then(undefined, (error: unknown) => {
      if (scope.isOver) this.tell(target.id.path, handler.method, error);
    });
    return promise;
  }

  /** The call is refused before anything is done for it, as a mistake of whoever makes it: within a turn that is told at once. */
  refused(error: unknown, { scope, target, handler }: LeftCall): Promise<never> {
    const promise = Promise.reject(error);
    if (scope === undefined) return promise;
    forgoAnswer(promise);
    this.refusals.note('a call that cannot be made was refused', target.id.path, () => ({
      fields: { actor: target.id.path, method: handler.method },
      error,
    }));
    return promise;
  }

  private tell(actor: string, method: string, error: unknown): void {
    this.refusals.note('a call failed for which its turn has not waited: is an await missing?', actor, () => ({
      fields: { actor, method },
      error,
    }));
  }
}
