import { throughFilters, type CallFilter } from '../actor/call-filter';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { isError, textOf } from '../errors/thrown-value';
import type { ActorId } from '../identity/actor-id';
import type { HandlerDescriptor } from '../metadata/actor-descriptor';
import type { EventLog } from '../observability/event-log';
import type { TimeProvider } from '../providers/time-provider';
import { acceptArguments } from '../serialization/argument-check';
import { answerForm } from '../serialization/argument-form';
import type { RunQueue } from '../scheduling/run-queue';
import { runActorCode } from './actor-code';
import type { DurableState } from './durable-state';
import type { Turn } from './turn';
import { turnTracker } from './turn-tracker';

/** The activation as a turn sees it. */
export interface TurnSubject {
  readonly id: string;
  readonly target: ActorId;
  /** What of it is durable. */
  readonly durable: DurableState;
  /** Where its turns wait for the event loop. */
  readonly runQueue: Pick<RunQueue, 'isExhausted' | 'wait' | 'noteTime'>;
  /** Lets the next turn begin. */
  onTurnEnded(turn: Turn): void;
}

/** What runs around every turn. */
export interface TurnSetting {
  readonly events: EventLog;
  readonly time: TimeProvider;
  /** Stand around the handlers, the first outermost. */
  readonly filters: readonly CallFilter[];
  /**
   * Calls may be made in turns by references that are not their own: by filters, and by observers, which have no context. Such turns
   * are tracked, so that their calls are known to be theirs.
   */
  readonly tracksTurns: boolean;
}

const NO_VALUES = {};

/** The answer of so many letters takes no time that would have to be looked at. */
const SMALL_TEXT = 1_024;

/**
 * One turn: the arguments are checked, the handler runs to the end of its promise, what it began to write becomes
 * durable, and only then the answer leaves. Never throws. It is no async function, which would cost as much as the rest of it.
 */
export function runTurn(turn: Turn, activation: TurnSubject, instance: object, setting: TurnSetting): void {
  const args = accept(turn);
  if (args === undefined) {
    // Many bad requests in a row must not pile up on the stack, each starting the next.
    void Promise.resolve().then(() => activation.onTurnEnded(turn));
    return;
  }
  turn.request.started = true;
  answerOf(turn, activation, instance, args, setting).then(
    (value) => conclude(turn, activation, value),
    (error: unknown) => fail(turn, activation, error),
  );
}

const THEN = Promise.prototype.then;

/**
 * What a handler has returned, as a promise of the language itself. Anything else that has a `then` is asked once, and by the
 * language: it may throw, or call back twice, which would end its turn twice.
 */
function promiseOf(answer: unknown): Promise<unknown> {
  const isGenuine = answer instanceof Promise && answer.constructor === Promise && answer.then === THEN;
  return isGenuine ? answer : new Promise((resolve) => resolve(answer));
}

function answerOf(
  turn: Turn,
  activation: TurnSubject,
  instance: object,
  args: readonly unknown[],
  setting: TurnSetting,
): Promise<unknown> {
  try {
    const { events } = setting;
    const answer = events.enabled
      ? observeTurn(turn, activation, setting, () => invoke(turn, instance, args, setting))
      : invoke(turn, instance, args, setting);
    return promiseOf(answer);
  } catch (error) {
    return Promise.reject(error);
  }
}

/** The answer must not overtake the state that it speaks of, also where the handler forgot to wait for it. */
function conclude(turn: Turn, activation: TurnSubject, value: unknown): void {
  const commit = activation.durable.commit(turn, value);
  if (commit === undefined) {
    give(turn, activation, value);
    return;
  }
  commit.then(
    () => give(turn, activation, value),
    (error: unknown) => fail(turn, activation, error),
  );
}

/** Writing an answer may take long, so it waits as turns do for the event loop to turn, and counts as they do. */
function give(turn: Turn, activation: TurnSubject, value: unknown): void {
  const { runQueue } = activation;
  if (runQueue.isExhausted) {
    runQueue.wait({ run: () => give(turn, activation, value) });
    return;
  }
  reply(turn, activation, value);
  if (mayBeLarge(value)) runQueue.noteTime();
}

function mayBeLarge(value: unknown): boolean {
  return typeof value === 'string' ? value.length > SMALL_TEXT : typeof value === 'object' && value !== null;
}

function reply(turn: Turn, activation: TurnSubject, value: unknown): void {
  const { epoch, version, failure } = activation.durable;
  if (failure !== undefined) {
    fail(turn, activation, failure);
    return;
  }
  try {
    turn.request.reply.value(answerForm(turn.handler, value), { epoch, turn: turn.number, version });
  } catch (error) {
    lastWord(turn, error);
  } finally {
    activation.onTurnEnded(turn);
  }
}

function fail(turn: Turn, activation: TurnSubject, error: unknown): void {
  const { durable, target } = activation;
  try {
    turn.request.reply.error(
      durable.failure !== undefined && error === durable.failure
        ? error
        : asHandlerError(error, turn.handler, target.path),
    );
  } catch (trouble) {
    lastWord(turn, trouble);
  } finally {
    activation.onTurnEnded(turn);
  }
}

/** Reply ports do not throw. Should one do so all the same, its caller is notified, if it can be, and the actor goes on. */
function lastWord({ request, handler }: Turn, trouble: unknown): void {
  try {
    const message = `The answer of ${handler.method} of ${request.target.path} could not be given: ${reasonOf(trouble)}`;
    request.reply.error(new MoonpoolError('HANDLER_FAILED', { message, executed: 'yes', cause: trouble }));
  } catch {
    // Its caller hears of it at its deadline.
  }
}

/** The arguments as the handler gets them; undefined when the request was answered with what is wrong with them. */
function accept(turn: Turn): readonly unknown[] | undefined {
  const { request, handler } = turn;
  try {
    return acceptArguments(handler, request.args, turn);
  } catch (error) {
    try {
      request.reply.error(error);
    } catch (trouble) {
      lastWord(turn, trouble);
    }
    return undefined;
  }
}

function invoke(turn: Turn, instance: object, args: readonly unknown[], { filters }: TurnSetting): unknown {
  if (turn.mayOverlap) return turnTracker.run(turn, () => invokeFiltered(turn, instance, args, filters));
  return invokeFiltered(turn, instance, args, filters);
}

function invokeFiltered(
  turn: Turn,
  instance: object,
  args: readonly unknown[],
  filters: readonly CallFilter[],
): unknown {
  const { handler, request } = turn;
  if (filters.length === 0) return handler.invoke(instance, args);
  const { target: actor, method, values = NO_VALUES } = request;
  let handled: Promise<unknown> | undefined;
  const answer = throughFilters(filters, { actor, method, args, values }, (own, context) => {
    for (const [name, value] of Object.entries(context ?? NO_VALUES)) turn.say(name, value);
    handled = (async () => handler.invoke(instance, own))();
    return handled;
  });
  // A filter may answer while its handler is at work, and the turn is not over before that has ended.
  return answer.finally(() => handled?.catch(() => undefined));
}

/**
 * What a handler throws is the answer of its turn, so it must not claim that the turn did not run: an error of Moonpool
 * that escapes from a handler, of a call that it made perhaps, becomes the cause of one that says so.
 */
function asHandlerError(error: unknown, handler: HandlerDescriptor, path: string): unknown {
  if (isError(error) && !isMoonpoolError(error)) return error;
  const found = isMoonpoolError(error)
    ? `${error.code}: ${reasonOf(error)}`
    : `a value that is no error: ${textOf(error)}`;
  const message = `The handler ${handler.method} of ${path} failed with ${found}`;
  return new MoonpoolError('HANDLER_FAILED', { message, executed: 'yes', cause: error });
}

/**
 * Takes down when the handler began and when its promise was settled. It looks at the promise itself and not at the turn
 * that waits for it, so that a turn which did not wait would be seen to overlap the next.
 */
function observeTurn(
  { request, number, mode }: Turn,
  activation: TurnSubject,
  { events, time }: TurnSetting,
  work: () => unknown,
): unknown {
  const { target, id } = activation;
  const { call, method } = request;
  const actor = target.path;
  const remainingMs = Number.isFinite(request.deadline) ? request.deadline - time.now() : undefined;
  // A tick of a timer is nobody's call. Written out, for spreading one object into another costs more than all else here.
  const start =
    request.work === undefined
      ? { actor, activation: id, turn: number, call, method, mode, remainingMs }
      : { actor, activation: id, turn: number, timer: call, method, mode, remainingMs };
  events.record('turn-start', start);
  const { shows } = events;
  const show = (what: 'arguments' | 'result' | 'error', value: unknown) =>
    shows?.({ actor: target.path, what, of: request.method, read: () => value });
  show('arguments', request.args);
  const end = (outcome: 'ok' | 'error', value: unknown) => {
    events.record(
      'turn-end',
      request.work === undefined
        ? { actor, activation: id, turn: number, call, outcome }
        : { actor, activation: id, turn: number, timer: call, outcome },
    );
    show(outcome === 'ok' ? 'result' : 'error', value);
  };
  try {
    const answer = promiseOf(runActorCode(events, start, work));
    answer.then(
      (value) => end('ok', value),
      (error: unknown) => end('error', error),
    );
    return answer;
  } catch (error) {
    end('error', error);
    throw error;
  }
}
