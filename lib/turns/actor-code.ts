import { inCleanContext } from '../concurrency/clean-context';
import type { EventFields, EventLog } from '../observability/event-log';

/** Runs code of an actor, in no context of anybody else's: that of a turn, or of its constructor or a hook when there is no turn. */
export function runActorCode<T>(events: EventLog, turn: EventFields | undefined, code: () => T): T {
  return inCleanContext(within<T>, events, turn, code);
}

function within<T>(events: EventLog, turn: EventFields | undefined, code: () => T): T {
  return events.within === undefined ? code() : events.within(turn, code);
}
