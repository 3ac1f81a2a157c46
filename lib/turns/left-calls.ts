import type { OpenCall, OpenCalls } from '../calls/open-calls';
import type { Request } from '../calls/request';
import type { RefusalLog } from '../observability/refusal-log';

/** Lists that are empty by now are let go when there are more than these. */
const KEPT = 16;

/**
 * Calls that turns of an activation, its hooks and its constructor have begun and not waited for. A later turn may do so, by a
 * promise that the actor has kept: so they count among what keeps the activation waiting.
 */
export class LeftCalls {
  private lists: OpenCalls[] = [];

  constructor(private readonly refusals: Pick<RefusalLog, 'note'>) {}

  /**
   * @param request of the turn that has ended.
   * @param calls those that it has left; when they end the bus takes them out of it.
   */
  add({ target, method }: Request, calls: OpenCalls): void {
    if (this.lists.length >= KEPT) this.lists = this.lists.filter(({ length }) => length > 0);
    this.lists.push(calls);
    // A constructor cannot wait.
    if (method === 'constructor') return;
    const said = 'a turn ended while calls that it made had no answer: is an await missing?';
    const { path: actor } = target;
    this.refusals.note(said, actor, () => ({ fields: { actor, method, calls: calls.length } }));
  }

  /** Those that have not ended. */
  get all(): readonly OpenCall[] {
    return this.lists.flatMap(({ all }) => all);
  }
}
