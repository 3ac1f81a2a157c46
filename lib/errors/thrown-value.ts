import { types } from 'node:util';
import { describeValue } from './describe-value';
import { leaveAlone } from './left-promise';
import { cut } from './outside-text';

/** How much of a message is quoted, in letters: whoever throws a book gets its first pages told. */
const MAX_MESSAGE = 8_000;
const MAX_STACK = 16_000;
const MAX_NAME = 200;

/**
 * What was thrown may be anything: an object without a prototype, a revoked proxy, an error whose message is a getter that throws.
 * These functions look at it and never throw, so that the way of errors itself cannot fail. Whoever catches what others threw asks
 * them, and never `instanceof Error`, `String(error)` or `error.message`.
 */

/** Whether it is an error, also one of another realm. */
export function isError(thrown: unknown): thrown is Error {
  try {
    return types.isNativeError(thrown) || thrown instanceof Error;
  } catch {
    return false;
  }
}

/** What it has under that key; undefined when that cannot be learnt. */
export function partOf(thrown: unknown, key: PropertyKey): unknown {
  if ((typeof thrown !== 'object' && typeof thrown !== 'function') || thrown === null) return undefined;
  try {
    return (thrown as Record<PropertyKey, unknown>)[key];
  } catch {
    return undefined;
  }
}

/** The message of an error, or in words what else was thrown. */
export function messageOf(thrown: unknown): string {
  if (!isError(thrown)) return textOf(thrown);
  const message = partOf(thrown, 'message');
  if (message === undefined) return 'an error whose message cannot be read';
  return cut(typeof message === 'string' ? message : textOf(message), MAX_MESSAGE);
}

/** The name of an error; `Error` for what has none. */
export function nameOf(thrown: unknown): string {
  const name = isError(thrown) ? partOf(thrown, 'name') : undefined;
  if (name === undefined) return 'Error';
  return cut(typeof name === 'string' ? name : textOf(name), MAX_NAME);
}

/** Where an error comes from, its message included; for what has no stack, what {@link messageOf} says. */
export function stackOf(thrown: unknown): string {
  const stack = isError(thrown) ? partOf(thrown, 'stack') : undefined;
  return typeof stack === 'string' && stack !== '' ? cut(stack, MAX_STACK) : messageOf(thrown);
}

/** The error behind it, if there is one. */
export function causeOf(thrown: unknown): unknown {
  return isError(thrown) ? partOf(thrown, 'cause') : undefined;
}

/** An error that is surely one: itself, or one that says what else was thrown and has it as its cause. */
export function asError(thrown: unknown): Error {
  return isError(thrown)
    ? thrown
    : new Error(`A value that is no error was thrown: ${textOf(thrown)}`, { cause: thrown });
}

/**
 * Anything as its own text, where it has one, and otherwise what it is. Whoever throws a promise has handed it over, as by `throw failure()`
 * with an async `failure`: what it comes to is told by nobody and ends nothing.
 */
export function textOf(value: unknown): string {
  try {
    if (types.isPromise(value)) {
      leaveAlone(value);
      return 'a promise (was an await forgotten?)';
    }
    return cut(String(value), MAX_MESSAGE);
  } catch {
    return describeValue(value);
  }
}
