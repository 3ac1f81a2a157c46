import type { CallOptions } from '../actor/call-options';
import { describeCircle } from '../calls/circle';
import { withValues } from '../calls/context-values';
import type { CallScope } from '../calls/request';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import type { EventLog } from '../observability/event-log';

/** The longest chain of callers; its length travels in one byte. */
const MAX_CHAIN = 255;

/** What is waited for must not wait for this turn; whether it does is for the actor to say where turns may overlap. */
export function checkChain(
  id: ActorId,
  handler: HandlerDescriptor,
  { chain, id: turn }: CallScope,
  events: EventLog,
): void {
  if (!handler.mayReenter && chain.includes(id.path)) {
    const circle = describeCircle([...chain, id.path]);
    if (events.enabled) events.record('deadlock', { actor: id.path, turn, circle });
    throw new MoonpoolError('CALL_DEADLOCK', {
      message: `The call ${handler.method} would wait for itself: ${circle}`,
    });
  }
  if (chain.length > MAX_CHAIN) {
    const message = `The call ${handler.method} of ${id.path} has ${chain.length} callers that wait for each other; the limit is ${MAX_CHAIN}`;
    throw new MoonpoolError('HEADER_TOO_LARGE', { message });
  }
}

/** What is said about a call: what the turn says that makes it, and what its caller adds. */
export function valuesOf(options: CallOptions | undefined, scope: CallScope | undefined): CallScope['values'] {
  return options?.context === undefined ? scope?.values : withValues(scope?.values, options.context);
}
