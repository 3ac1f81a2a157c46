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
  // Up to Node.js 22 a context is the object that runs, on which storages put their values: so each run has an object of its own,
  // which what the code begins within itself, or leaves there with `enterWith`, does not reach the others by. To make one that
  // refers to the first costs a tenth of making another resource.
  const resource = Object.create(atLoading) as AsyncResource;
  return resource.runInAsyncScope(code, undefined, ...args);
}
