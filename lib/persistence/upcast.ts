import { promptAnswer } from '../concurrency/prompt-answer';
import { describeValue } from '../errors/describe-value';
import { isMoonpoolError, MoonpoolError } from '../errors/moonpool-error';
import { reasonOf } from '../errors/reason-of';
import type { StateUpcast } from '../metadata/actor-record';
import { FIRST_VERSION } from './state-record';

/** From which version to which, and the functions for each version on the way, the first for version 1. */
interface UpcastPath {
  readonly from: number;
  readonly to: number;
  readonly upcasts: readonly StateUpcast[];
  /** What is read, for messages: `The stored state 'account' of bank/Account/a`. */
  readonly what: string;
}

/**
 * What was stored, in the shape of the present version. One that returns nothing, for it has changed what it was given, would leave no more of it than that: it is told by the name of the version.
 * @throws MoonpoolError STATE_NOT_REBUILT for an answer that is no object, and for whatever a function throws.
 */
export function upcast(stored: unknown, { from, to, upcasts, what }: UpcastPath): unknown {
  let plain = stored;
  for (let at = from; at < to; at++) {
    const whose = `the upcast from version ${at}`;
    try {
      plain = promptAnswer(upcasts[at - FIRST_VERSION]?.(plain as Record<string, unknown>), whose);
    } catch (cause) {
      // Of a promise the answer says itself whose it is.
      const why = isMoonpoolError(cause, 'ASYNC_CALLBACK') ? reasonOf(cause) : `${whose} failed: ${reasonOf(cause)}`;
      throw notRebuilt(what, why, cause);
    }
    if (typeof plain !== 'object' || plain === null)
      throw notRebuilt(
        what,
        `${whose} returned ${describeValue(plain)}, and must return the object of the next version`,
      );
  }
  return plain;
}

/** What is stored is sound, and a function of the application that makes the present state of it has failed: nobody should look for that on a disk. */
export function notRebuilt(what: string, why: string, cause?: unknown, remedy?: string): MoonpoolError {
  return new MoonpoolError('STATE_NOT_REBUILT', {
    message: `${what} cannot be read: ${why}`,
    cause,
    ...(remedy === undefined ? {} : { remedy }),
  });
}
