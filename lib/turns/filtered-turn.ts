import { originOf, throughFilters, type CallFilter, type FilteredCall } from '../actor/call-filter';
import { acceptArguments } from '../serialization/argument-check';
import type { HandlerEnd } from './handler-end';
import type { Turn } from './turn';
import { turnTracker } from './turn-tracker';

const NO_VALUES = {};

/** Runs the handler of a turn that has filters around it, or of one that may overlap others. */
export function invokeTracked(
  turn: Turn,
  instance: object,
  args: readonly unknown[],
  filters: readonly CallFilter[],
): unknown {
  return tracked(turn, () =>
    filters.length === 0 ? turn.handler.invoke(instance, args) : invokeFiltered(turn, instance, args, filters),
  );
}

/**
 * What a call gets that was executed before, under its key. Filters stand around calls, also around those that are not executed again: the
 * answer is not for whoever they refuse, and is what the handler came to, so that they do with it what they do with any.
 */
export async function recallFiltered(turn: Turn, end: HandlerEnd, filters: readonly CallFilter[]): Promise<HandlerEnd> {
  if (filters.length === 0) return end;
  try {
    const args = acceptArguments(turn.handler, turn.request.args, turn);
    const again = async (): Promise<unknown> => {
      if ('error' in end) throw end.error;
      return end.value;
    };
    return { value: await tracked(turn, () => throughFilters(filters, filteredCall(turn, args), again)) };
  } catch (error) {
    return { error };
  }
}

function tracked<R>(turn: Turn, work: () => R): R {
  return turn.mayOverlap ? turnTracker.run(turn, work) : work();
}

function invokeFiltered(
  turn: Turn,
  instance: object,
  args: readonly unknown[],
  filters: readonly CallFilter[],
): unknown {
  const { handler } = turn;
  let handled: Promise<unknown> | undefined;
  turn.handled = 'not run';
  const answer = throughFilters(filters, filteredCall(turn, args), (own, context) => {
    for (const [name, value] of Object.entries(context ?? NO_VALUES)) turn.say(name, value);
    turn.handled = 'at work';
    handled = (async () => handler.invoke(instance, own))();
    handled.then(
      (value) => (turn.handled = { value }),
      (error: unknown) => (turn.handled = { error }),
    );
    return handled;
  });
  // A filter may answer while its handler is at work, and the turn is not over before that has ended.
  return answer.finally(() => handled?.catch(() => undefined));
}

function filteredCall({ request }: Turn, args: readonly unknown[]): FilteredCall {
  const { target: actor, method, values = NO_VALUES } = request;
  return { actor, method, origin: request.work === undefined ? originOf(method) : 'timer', args, values };
}
