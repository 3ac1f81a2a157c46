import { AsyncResource } from 'node:async_hooks';

/**
 * The asynchronous context in which this library was loaded. Node.js hands the values of every AsyncLocalStorage on from whoever
 * calls something, arms a timer or dials; and a turn is begun by whoever submitted the one before it, a batch of callbacks by who came first.
 */
const atLoading = new AsyncResource('Moonpool');

/**
 * Runs the code in the context in which this library was loaded, whoever has brought it about: neither it nor what it begins sees
 * what others keep in an AsyncLocalStorage. Who awaits its outcome goes on in a context of their own all the same.
 */
export function inCleanContext<Args extends unknown[], T>(code: (...args: Args) => T, ...args: Args): T {
  return atLoading.runInAsyncScope(code, undefined, ...args);
}
