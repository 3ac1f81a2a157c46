import { describeValue } from '../errors/describe-value';
import { promised } from '../concurrency/promised';
import { MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';
import { contributions } from '../injection/contribution-list';
import { callback } from '../options/option-kind';
import { reminderOfMethod } from './reminder';
import { isPlainObject } from './call-options';

/** What brings a call about, as a filter sees it. */
export type CallOrigin = 'call' | 'timer' | 'reminder';

/** Of a call that is no tick of a timer. */
export function originOf(method: string): CallOrigin {
  return reminderOfMethod(method) === undefined ? 'call' : 'reminder';
}

/** A call as a filter sees it. */
export interface FilteredCall {
  readonly actor: ActorId;
  /** The handler; of a tick the name of its timer, and of a reminder `$reminder/` and its name. */
  readonly method: string;
  /**
   * What brings it about: somebody who calls or has sent a message, a timer of the actor, or one of its reminders. Of the last two nobody
   * says anything about the request, so that a filter which asks for that lets them go on.
   */
  readonly origin: CallOrigin;
  readonly args: readonly unknown[];
  /** What was said about the request by its callers, and by the filters outside of this one, by name. */
  readonly values: Readonly<Record<string, unknown>>;
}

/** What a filter changes of a call when it lets it go on. */
export interface FilteredChange {
  /** Arguments in place of those of the caller. Outgoing ones are copied or frozen like any, and checked where they arrive; incoming ones reach the handler as they are. */
  readonly args?: readonly unknown[];
  /**
   * What is said about the request from here on, by name, as with `$with({ context })`: outgoing, it travels with the call; incoming,
   * the handler reads it from `context.requestContext`, and it goes with the calls that the handler makes.
   */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** Lets the call go on, once and while its filter is at work. Rejects with FILTER_MISUSED otherwise. */
export type FilterNext = (change?: FilteredChange) => Promise<unknown>;

/**
 * Stands around calls: those that a process makes, `$send` and `$trySend` among them, or those that its actors and observers
 * serve. It sees the call, lets it go on with `next`, once, and returns what its caller shall get. It may do something before
 * and after, change the arguments, add to the request context, change the result, refuse the call by throwing, or answer in its
 * place. Of several, the first given stands outermost. One that lets the call go on and answers with nothing, while `next` has or will
 * have an answer, has forgotten to return it, and one that neither lets it go on nor answers has forgotten the call: it fails with
 * FILTER_MISUSED. To answer with nothing, return null.
 */
export type CallFilter = (call: FilteredCall, next: FilterNext) => Promise<unknown>;

/** What may stand in a list of filters. */
export const callFilter = callback('a function (call, next) => ...');

/** The filters of a process, to which modules contribute: of all, the first stands outermost. */
export const Filters = {
  /** Stand around every call that actors of this node, or observers of this process, serve. */
  incoming: contributions<CallFilter>('Filters.incoming', { accepts: callFilter }),
  /** Stand around every call that this process makes. */
  outgoing: contributions<CallFilter>('Filters.outgoing', { accepts: callFilter }),
};

/** What the filters stand around. @param context what they have said about the request; undefined when they said nothing. */
export type FilteredWork = (args: readonly unknown[], context: FilteredChange['context']) => Promise<unknown>;

/** Lets the call through the filters, in their order. @param last what they stand around. */
export function throughFilters(
  filters: readonly CallFilter[],
  call: FilteredCall,
  last: FilteredWork,
): Promise<unknown> {
  const from = (index: number, seen: FilteredCall, said: FilteredChange['context']): Promise<unknown> => {
    const filter = filters[index];
    if (filter === undefined) return promised(() => last(seen.args, said));
    let passage: 'open' | 'used' | 'over' = 'open';
    const beyond = new Beyond();
    const next: FilterNext = (change) => {
      const objection = passage === 'open' ? objectionTo(change) : PASSAGE_MISUSES[passage];
      if (objection !== undefined) return Promise.reject(misuse(call, objection, beyond.wasReached ? 'maybe' : 'no'));
      passage = 'used';
      if (change === undefined) return beyond.notes(from(index + 1, seen, said));
      const { args = seen.args, context } = change;
      if (context === undefined) return beyond.notes(from(index + 1, { ...seen, args }, said));
      const values = { ...seen.values, ...context };
      return beyond.notes(from(index + 1, { ...seen, args, values }, { ...said, ...context }));
    };
    const close = (): void => {
      passage = passage === 'open' ? 'over' : passage;
    };
    // One that is no async function refuses its call like any other, or answers it.
    return promised(() => filter(seen, next)).then(
      (answer) => {
        close();
        if (answer === undefined && !beyond.wasReached) throw misuse(call, SWALLOWED, 'no');
        if (answer === undefined && beyond.hasAnswer) throw misuse(call, FORGOTTEN);
        return answer;
      },
      (error: unknown) => {
        close();
        throw error;
      },
    );
  };
  return from(0, call, undefined);
}

const FORGOTTEN =
  'it let the call go on and returned nothing, so that its caller would not get the answer: write `return next()`; to withhold an answer, return null';

const SWALLOWED =
  'it neither let the call go on nor answered it, so that its caller would take it for executed: write `return next()`; to refuse the call, throw; to answer with nothing, return null';

/** What became of a call that a filter has let go on. */
class Beyond {
  /** True when the filter has let the call go on. */
  wasReached = false;
  private isUnderWay = false;
  private answer: unknown;

  /** Returns the promise that it was given. What fails when the filter has not waited for it ends nothing. */
  notes(promise: Promise<unknown>): Promise<unknown> {
    this.wasReached = true;
    this.isUnderWay = true;
    promise.then(
      (answer) => {
        this.isUnderWay = false;
        this.answer = answer;
      },
      () => (this.isUnderWay = false),
    );
    return promise;
  }

  /** True when it has one, or may get one. */
  get hasAnswer(): boolean {
    return this.isUnderWay || this.answer !== undefined;
  }
}

const PASSAGE_MISUSES = {
  used: 'next was called a second time, and a call is made once',
  over: 'next was called after the filter had ended',
};

const CHANGES: readonly string[] = ['args', 'context'];

/** What is wrong with what next was given; undefined when nothing is. */
function objectionTo(change: FilteredChange | undefined): string | undefined {
  if (change === undefined) return undefined;
  if (typeof change !== 'object' || change === null || Array.isArray(change))
    return `next was given ${describeValue(change)}, and takes { args, context } or nothing`;
  const strange = Object.keys(change).find((key) => !CHANGES.includes(key));
  if (strange !== undefined) return `next was given the change ${describeValue(strange)}, and takes args and context`;
  const { args, context } = change;
  if (args !== undefined && !Array.isArray(args))
    return `next was given as args ${describeValue(args)}, which is no list`;
  if (context !== undefined && !isPlainObject(context))
    return `next was given as context ${describeValue(context)}, which is no plain object of values by name`;
  return undefined;
}

function misuse({ actor, method }: FilteredCall, what: string, executed: 'no' | 'maybe' = 'maybe'): MoonpoolError {
  return new MoonpoolError('FILTER_MISUSED', {
    message: `A filter of the call ${method} of ${actor.path} is wrong: ${what}`,
    executed,
  });
}
