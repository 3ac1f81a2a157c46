import { types } from 'node:util';
import { leaveAlone } from '../errors/left-promise';
import { MoonpoolError } from '../errors/moonpool-error';
import { partOf } from '../errors/thrown-value';

/*
 * Many functions of a program are asked in the midst of something and must answer at once: guards, conditions, rules, functions that
 * make one value of another. An async one in their place would count as `true` whatever it comes to, and its failure, for which
 * nobody waits, would end the process.
 */

/**
 * The answer of such a function, unless that is a promise: then what it comes to is nobody's business any more.
 * @param whose for messages: `the condition of @Reentrant`. @throws MoonpoolError ASYNC_CALLBACK
 */
export function promptAnswer<T>(answer: T, whose: string): T {
  if (isLateAnswer(answer))
    throw new MoonpoolError('ASYNC_CALLBACK', {
      message: `A promise came from ${whose}, whose answer is needed at once`,
    });
  return answer;
}

/** True for a promise, of any kind. One that is rejected ends nothing from then on: nobody waits for what it comes to. */
export function isLateAnswer(answer: unknown): boolean {
  if ((typeof answer !== 'object' && typeof answer !== 'function') || answer === null) return false;
  if (types.isPromise(answer)) {
    leaveAlone(answer);
    return true;
  }
  return typeof partOf(answer, 'then') === 'function';
}

/**
 * Of a function whose answer does not matter: a listener, a log. A promise that it has left behind ends nothing.
 * @param onFailed learns why it was rejected.
 */
export function forgoAnswer(answer: unknown, onFailed?: (error: unknown) => void): void {
  if (typeof answer === 'object' && types.isPromise(answer)) leaveAlone(answer, onFailed);
}
