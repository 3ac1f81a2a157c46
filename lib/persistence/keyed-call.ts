import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import { hasWholeTurns } from '../metadata/whole-turns';
import { deliveryOfKey } from '../storage/message-key';
import type { NewAnswer } from '../storage/state-commit';
import type { DurableOwner } from '../turns/durable-state';
import type { Turn } from '../turns/turn';
import { asHandlerError } from '../turns/turn-answer';
import { withAnswer, type Change } from './gathered-commit';

/**
 * True when what the turn changes in states and does not write is put back when it fails, for a call with a key may be executed again. Where other turns may
 * overlap it nobody can tell whose a change is.
 */
export function mayPutBack({ handler }: Turn, { descriptor }: Pick<DurableOwner, 'descriptor'>): boolean {
  return !hasWholeTurns(descriptor.options) && descriptor.overlap !== 'all' && handler.mode === 'alone';
}

/** The change of a turn whose call has a key. The message that it served has arrived with that, so that it is settled too. */
export function answered(change: Change, answer: NewAnswer): Change {
  const delivery = deliveryOfKey(answer.key);
  const { cancels = [] } = change;
  return withAnswer(change, answer, delivery === undefined ? cancels : [...cancels, delivery]);
}

/**
 * What whoever repeats a failed call is told; undefined when it is executed again, for nothing came of it and it may succeed a moment later.
 * @param hasEffects a part of what the turn had decided is durable.
 */
export function failureToRemember(turn: Turn, error: unknown, hasEffects: boolean): unknown {
  // Whoever repeats a call that filters have rejected asks them again.
  if (!turn.isExecuted) return undefined;
  // An attempt that was given up says nothing of what the next one will come to.
  const isTransient = turn.isAborted || (isMoonpoolError(error) && error.isTransient);
  // As whoever called is told: the error of another call says nothing of whether this one was executed.
  if (!isTransient) return asHandlerError(error, turn);
  return hasEffects ? brokenCall(turn.describe(), error) : undefined;
}

/** What whoever repeats a call is told that was executed in part, and failed with what may not come again. */
function brokenCall(call: string, cause: unknown): MoonpoolError {
  return new MoonpoolError('IDEMPOTENT_CALL_BROKEN', {
    message: `The call ${call} failed after a part of what it had decided was durable: ${reasonOf(cause)}`,
    executed: 'yes',
    cause,
  });
}
