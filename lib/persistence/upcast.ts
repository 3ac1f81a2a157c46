import { promptAnswer } from '../concurrency/prompt-answer';
import { describeValue } from '../errors/describe-value';
import type { StateUpcast } from '../metadata/actor-record';
import { FIRST_VERSION } from './state-record';

/** From which version to which, and the functions for each version on the way, the first for version 1. */
interface UpcastPath {
  readonly from: number;
  readonly to: number;
  readonly upcasts: readonly StateUpcast[];
}

/**
 * What was stored, in the shape of the present version. One that returns nothing, for it has changed what it was given, would leave no more of it than that: it is told by the name of the version.
 * @throws TypeError for an answer that is no object, MoonpoolError ASYNC_CALLBACK, and what the functions throw.
 */
export function upcast(stored: unknown, { from, to, upcasts }: UpcastPath): unknown {
  let plain = stored;
  for (let at = from; at < to; at++) {
    const whose = `the upcast from version ${at}`;
    plain = promptAnswer(upcasts[at - FIRST_VERSION]?.(plain as Record<string, unknown>), whose);
    if (typeof plain !== 'object' || plain === null)
      throw new TypeError(`${whose} returned ${describeValue(plain)}, and must return the object of the next version`);
  }
  return plain;
}
