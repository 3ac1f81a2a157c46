import type { CallFilter } from '../actor/call-filter';
import { MoonpoolError } from '../errors/moonpool-error';
import type { EventLog } from '../observability/event-log';
import type { TimeProvider } from '../providers/time-provider';
import { acceptArguments } from '../serialization/argument-check';
import type { AnswerWatch } from './answer-watch';
import { invokeTracked, recallFiltered } from './filtered-turn';
import { runActorCode } from './actor-code';
import type { Turn } from './turn';
import { abandon, asHandlerError, conclude, lastWord, reply } from './turn-answer';
import type { TurnSubject } from './turn-subject';

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
  /** Looks at what handlers answer. */
  readonly answers: AnswerWatch;
  /** True while this node may admit turns. */
  readonly mayServe: () => boolean;
}

/**
 * One turn: the arguments are checked, the handler runs to the end of its promise, what it began to write becomes
 * durable, and only then the answer leaves. Never throws. It is no async function, which would cost as much as the rest of it.
 */
export function runTurn(turn: Turn, activation: TurnSubject, instance: object, setting: TurnSetting): void {
  if (turn.request.idempotencyKey === undefined) execute(turn, activation, instance, setting);
  else void recall(turn, activation, setting, () => execute(turn, activation, instance, setting));
  // It may have had the event loop to itself for long, and others are ready.
  activation.runQueue.noteTime();
}

/** A call whose key was executed already gets the same answer, and no turn. */
async function recall(
  turn: Turn,
  activation: TurnSubject,
  { time, events, mayServe, filters }: TurnSetting,
  executeIt: () => void,
): Promise<void> {
  const { request } = turn;
  const { durable } = activation;
  try {
    const answer = await durable.recall(turn);
    const isSound = durable.failure === undefined;
    if (answer === undefined && isSound && mayServe() && !request.abandoned && time.now() < request.deadline) {
      executeIt();
      return;
    }
    if (answer === undefined) {
      durable.forgo(turn);
      // The store may have taken its time, and the lease may have ended meanwhile, or the activation: it must not be executed on what was not written.
      if (!isSound) request.reply.reject({ why: 'the activation has ended', isForNext: true });
      else if (mayServe()) request.reply.error(notInTime(turn));
      else request.reply.reject({ why: 'the node has no lease' });
    } else {
      await durable.settled();
      request.started = true;
      const end = await recallFiltered(turn, answer, filters);
      // What filters have sent and delivered goes with a commit, as at the end of any turn.
      if ('value' in end) await durable.commitSoFar(turn);
      noteRecalled(turn, activation, events, 'error' in end ? 'error' : 'ok');
      if ('value' in end) reply(turn, activation, end.value);
      else
        request.reply.error(
          'error' in answer && end.error === answer.error ? end.error : asHandlerError(end.error, turn),
        );
    }
  } catch (error) {
    request.reply.error(error);
  }
  activation.onTurnEnded(turn);
}

/** The call has an answer, and no turn of its own: its key was executed by another. */
function noteRecalled(
  { request, number }: Turn,
  { id, target }: TurnSubject,
  events: EventLog,
  outcome: 'ok' | 'error',
): void {
  const { call } = request;
  if (events.enabled)
    events.record('answer-recalled', { actor: target.path, activation: id, turn: number, call, outcome });
}

function notInTime({ request }: Turn): MoonpoolError {
  const message = `The call ${request.method} of ${request.target.path} was not executed before its deadline`;
  return new MoonpoolError('CALL_TIMEOUT', { message });
}

function execute(turn: Turn, activation: TurnSubject, instance: object, setting: TurnSetting): void {
  const args = accept(turn, activation);
  if (args === undefined) {
    // Many bad requests in a row must not pile up on the stack, each starting the next.
    void Promise.resolve().then(() => activation.onTurnEnded(turn));
    return;
  }
  turn.request.started = true;
  answerOf(turn, activation, instance, args, setting).then(
    (value) => {
      setting.answers.look(turn, value);
      conclude(turn, activation, value);
    },
    (error: unknown) => abandon(turn, activation, error),
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
    const { events, filters } = setting;
    const answer = events.enabled
      ? observeTurn(turn, activation, setting, () => invoke(turn, instance, args, filters))
      : invoke(turn, instance, args, filters);
    return promiseOf(answer);
  } catch (error) {
    return Promise.reject(error);
  }
}

function invoke(turn: Turn, instance: object, args: readonly unknown[], filters: readonly CallFilter[]): unknown {
  if (filters.length === 0 && !turn.mayOverlap) return turn.handler.invoke(instance, args);
  return invokeTracked(turn, instance, args, filters);
}

/** The arguments as the handler gets them; undefined when the request was answered with what is wrong with them. */
function accept(turn: Turn, { durable }: TurnSubject): readonly unknown[] | undefined {
  const { request, handler } = turn;
  try {
    return acceptArguments(handler, request.args, turn);
  } catch (error) {
    try {
      if (request.idempotencyKey !== undefined) durable.forgo(turn);
      request.reply.error(error);
    } catch (trouble) {
      lastWord(turn, trouble);
    }
    return undefined;
  }
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
