import { leavePromisesAtHand } from '../concurrency/handed-promises';
import { forgoAnswer } from '../concurrency/prompt-answer';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { isError, textOf } from '../errors/thrown-value';
import { answerForm } from '../serialization/argument-form';
import { isolate } from '../serialization/value-isolation';
import type { HandlerEnd } from './handler-end';
import type { Turn } from './turn';
import type { TurnSubject } from './turn-subject';

/** The answer of so many letters takes no time that would have to be looked at. */
const SMALL_TEXT = 1_024;

/** The answer must not overtake the state that it speaks of, also where the handler forgot to wait for it. */
export function conclude(turn: Turn, activation: TurnSubject, value: unknown): void {
  const { durable } = activation;
  if (turn.preparing !== undefined) {
    leavePromisesAtHand(value);
    turn.preparing.then(
      () => conclude(turn, activation, value),
      (error: unknown) => abandon(turn, activation, error),
    );
    return;
  }
  const end = endOf(turn);
  if (end !== undefined && 'error' in end) {
    // A filter has answered in its place.
    leaveBehind(turn, activation, end.error, () => give(turn, activation, value));
    return;
  }
  let commit: Promise<void> | undefined;
  try {
    // What filters have made of it is for this caller, and they are asked again for whoever repeats the call.
    commit = durable.commit(turn, end === undefined ? value : end.value);
  } catch (error) {
    fail(turn, activation, error);
    return;
  }
  if (commit === undefined) give(turn, activation, value);
  else if (durable.mayOverlap) concludeLater(turn, activation, value, commit);
  else {
    leavePromisesAtHand(value);
    commit.then(
      () => give(turn, activation, value),
      (error: unknown) => fail(turn, activation, error),
    );
  }
}

/** The next turn begins at once. What it changes must not show in the answer of this one, which leaves when it is durable. */
export function concludeLater(turn: Turn, activation: TurnSubject, value: unknown, commit: Promise<void>): void {
  let own = value;
  try {
    if (turn.handler.options.share !== true) own = isolate(value);
  } catch {
    // Whoever carries the answer says what is wrong with it.
  }
  activation.onTurnEnded(turn);
  commit.then(
    () => reply(turn, activation, own),
    (error: unknown) => tellFailure(turn, activation, error),
  );
}

/** The handler has thrown, or a filter. What it says of others' states must not overtake these either. */
export function abandon(turn: Turn, activation: TurnSubject, error: unknown): void {
  // It may take time until it is told, and it may be a promise.
  forgoAnswer(error);
  const end = endOf(turn);
  const own = end !== undefined && 'error' in end ? end.error : error;
  leaveBehind(turn, activation, own, () => fail(turn, activation, error));
}

/** What the handler itself came to, where filters stand around it and it has run. */
function endOf({ handled }: Turn): HandlerEnd | undefined {
  return typeof handled === 'string' ? undefined : handled;
}

/** Nothing of what the turn has changed stays. @param then what its caller is told when that is so. */
function leaveBehind(turn: Turn, activation: TurnSubject, error: unknown, then: () => void): void {
  let abandoned: Promise<void> | undefined;
  try {
    abandoned = activation.durable.abandon(turn, error);
  } catch (trouble) {
    fail(turn, activation, trouble);
    return;
  }
  if (abandoned === undefined) then();
  else abandoned.then(then, (failure: unknown) => fail(turn, activation, failure));
}

/** Writing an answer may take long, so it waits as turns do for the event loop to turn, and counts as they do. */
function give(turn: Turn, activation: TurnSubject, value: unknown): void {
  const { runQueue } = activation;
  if (runQueue.isExhausted) {
    leavePromisesAtHand(value);
    runQueue.wait({ run: () => give(turn, activation, value) });
    return;
  }
  try {
    reply(turn, activation, value);
  } finally {
    activation.onTurnEnded(turn);
  }
  if (mayBeLarge(value)) runQueue.noteTime();
}

function mayBeLarge(value: unknown): boolean {
  return typeof value === 'string' ? value.length > SMALL_TEXT : typeof value === 'object' && value !== null;
}

export function reply(turn: Turn, activation: TurnSubject, value: unknown): void {
  const { epoch, version, failure } = activation.durable;
  if (failure !== undefined) {
    tellFailure(turn, activation, failure);
    return;
  }
  try {
    turn.request.reply.value(answerForm(turn.handler, value), { epoch, turn: turn.number, version });
  } catch (error) {
    lastWord(turn, error);
  }
}

function fail(turn: Turn, activation: TurnSubject, error: unknown): void {
  try {
    tellFailure(turn, activation, error);
  } finally {
    activation.onTurnEnded(turn);
  }
}

function tellFailure(turn: Turn, { durable }: TurnSubject, error: unknown): void {
  try {
    turn.request.reply.error(
      durable.failure !== undefined && error === durable.failure ? error : asHandlerError(error, turn),
    );
  } catch (trouble) {
    lastWord(turn, trouble);
  }
}

/** Reply ports do not throw. Should one do so all the same, its caller is notified, if it can be, and the actor goes on. */
export function lastWord({ request, handler }: Turn, trouble: unknown): void {
  try {
    const message = `The answer of ${handler.method} of ${request.target.path} could not be given: ${reasonOf(trouble)}`;
    request.reply.error(new MoonpoolError('HANDLER_FAILED', { message, executed: 'yes', cause: trouble }));
  } catch {
    // Its caller hears of it at its deadline.
  }
}

/**
 * What a handler throws is the answer of its turn, so it must not claim that the turn did not run: an error of Moonpool
 * that escapes from a handler, of a call that it made perhaps, becomes the cause of one that says so.
 */
export function asHandlerError(error: unknown, { handler, request }: Pick<Turn, 'handler' | 'request'>): unknown {
  if (isError(error) && !isMoonpoolError(error)) return error;
  const found = isMoonpoolError(error)
    ? `${error.code}: ${reasonOf(error)}`
    : `a value that is no error: ${textOf(error)}`;
  const message = `The handler ${handler.method} of ${request.target.path} failed with ${found}`;
  return new MoonpoolError('HANDLER_FAILED', { message, executed: 'yes', cause: error });
}
