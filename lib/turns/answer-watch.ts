import { CarriedReference } from '../actor/carried-reference';
import { isError } from '../errors/thrown-value';
import type { Constructor } from '../injection/token';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import { membersOf } from '../metadata/lost-instance';
import type { Logger } from '../observability/logger';
import type { Turn } from './turn';

/** How many of what is lost are named. */
const MAX_NAMED = 5;

/**
 * Tells the log, once for each handler, that its answers are objects of a class with methods or getters, of which its callers get the fields alone: the compiler promises them the whole. Looks at the answer
 * itself, and at the first item of a list, so that answers of other kinds cost nothing.
 */
export class AnswerWatch {
  private readonly told = new WeakSet<HandlerDescriptor>();

  constructor(private readonly logger: Pick<Logger, 'warn'>) {}

  /** Never throws. */
  look(turn: Turn, answer: unknown): void {
    if (typeof answer !== 'object' || answer === null) return;
    try {
      const value: unknown = Array.isArray(answer) ? answer[0] : answer;
      if (typeof value !== 'object' || value === null) return;
      const prototype: unknown = Object.getPrototypeOf(value);
      if (prototype !== Object.prototype && prototype !== null) this.lookAtInstance(turn, value);
    } catch {
      // A proxy; whoever carries the answer says what is wrong with it.
    }
  }

  private lookAtInstance({ handler, request }: Turn, value: object): void {
    if (handler.answer !== undefined || this.told.has(handler)) return;
    if (value instanceof CarriedReference || isError(value)) return;
    const type = value.constructor as Constructor<object>;
    const members = membersOf(value);
    if (members.length === 0) return;
    this.told.add(handler);
    const list = members.length > MAX_NAMED ? [...members.slice(0, MAX_NAMED), '...'] : members;
    this.logger.warn(
      `the answers of a handler are objects of ${type.name}, and its callers get their fields alone, without ${list.join(', ')}: say @Handler({ returns: ${type.name} }), or answer with plain data`,
      { actor: request.target.path, method: handler.method },
    );
  }
}
