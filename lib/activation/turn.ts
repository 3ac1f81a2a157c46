import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import type { ActorId } from '../identity/actor-id';
import type { Request } from '../messaging/request';
import type { ActorDescriptor, HandlerDescriptor } from '../metadata/actor-descriptor';
import type { EventLog } from '../observability/event-log';
import type { ActorStates } from '../persistence/actor-states';
import { acceptArguments } from '../serialization/payload-validation';
import { runActorCode } from './actor-code';

/** The activation as a turn sees it. */
export interface TurnSubject {
  readonly id: string;
  readonly target: ActorId;
  readonly descriptor: ActorDescriptor;
  readonly states: ActorStates;
  /** Lets the next turn begin. */
  onTurnEnded(): void;
}

/**
 * One turn: the arguments are checked, the handler runs to the end of its promise, what it began to write becomes
 * durable, and only then the answer leaves. Never rejects.
 */
export async function runTurn(request: Request, turn: number, activation: TurnSubject, instance: object, events: EventLog): Promise<void> {
  const { states, target } = activation;
  const work = prepare(request, activation);
  if (work === undefined) {
    // Many bad requests in a row must not pile up on the stack, each starting the next.
    await undefined;
    activation.onTurnEnded();
    return;
  }
  const { handler, args } = work;
  request.started = true;
  try {
    const answer = events.enabled
      ? observeTurn(request, turn, activation, events, () => handler.invoke(instance, args))
      : handler.invoke(instance, args);
    const value = await answer;
    // The answer must not overtake the state that it speaks of, also where the handler forgot to wait for it.
    if (states.isWriting) await states.settled();
    request.reply.value(value, { epoch: states.epoch, turn, version: states.version });
  } catch (error) {
    request.reply.error(error === states.failure ? error : asHandlerError(error, handler, target.path));
  }
  activation.onTurnEnded();
}

/** The handler and its arguments; undefined when the request was answered with what is wrong with it. */
function prepare(request: Request, { descriptor, target }: TurnSubject): { readonly handler: HandlerDescriptor; readonly args: readonly unknown[] } | undefined {
  const { method } = request;
  const handler = descriptor.handlers.get(method);
  if (handler === undefined) {
    request.reply.error(unknownHandler(method, target.path, [...descriptor.handlers.keys()]));
    return undefined;
  }
  try {
    return { handler, args: acceptArguments(handler, request.args, () => `${method} of ${target.path}`) };
  } catch (error) {
    request.reply.error(error);
    return undefined;
  }
}

/**
 * What a handler throws is the answer of its turn, so it must not claim that the turn did not run: an error of Moonpool
 * that escapes from a handler, of a call that it made perhaps, becomes the cause of one that says so.
 */
function asHandlerError(error: unknown, handler: HandlerDescriptor, path: string): unknown {
  if (error instanceof Error && !isMoonpoolError(error)) return error;
  const found = isMoonpoolError(error) ? error.code : `a value that is no error: ${String(error)}`;
  const message = `The handler ${handler.method} of ${path} failed with ${found}`;
  return new MoonpoolError('HANDLER_FAILED', { message, executed: 'yes', cause: error });
}

function unknownHandler(method: string, path: string, known: readonly string[]): MoonpoolError {
  const message = `The actor ${path} has no handler '${method}'; it has ${known.join(', ')}`;
  return new MoonpoolError('UNKNOWN_HANDLER', { message });
}

/**
 * Takes down when the handler began and when its promise was settled. It looks at the promise itself and not at the turn
 * that waits for it, so that a turn which did not wait would be seen to overlap the next.
 */
function observeTurn(request: Request, turn: number, activation: TurnSubject, events: EventLog, work: () => unknown): unknown {
  const { target, id } = activation;
  const fields = { actor: target.path, activation: id, turn, call: request.call };
  const start = { ...fields, method: request.method };
  events.record('turn-start', start);
  const end = (outcome: 'ok' | 'error') => events.record('turn-end', { ...fields, outcome });
  try {
    const answer = runActorCode(events, start, work);
    Promise.resolve(answer).then(
      () => end('ok'),
      () => end('error'),
    );
    return answer;
  } catch (error) {
    end('error');
    throw error;
  }
}
