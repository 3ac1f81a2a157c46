import { MoonpoolError } from '../errors/moonpool-error';

/** What a call of a method gets that is no handler. */
export function noHandler(method: string, className: string, path: string, handlers: readonly string[]): MoonpoolError {
  return new MoonpoolError('UNKNOWN_HANDLER', {
    message: `The method ${method} of ${className} was called for ${path}, but is not marked with @Handler, so that only the actor itself can call it`,
    remedy: `Mark it with @Handler(), or call one of those that are: ${handlers.join(', ')}.`,
  });
}

/** What a method gets that was taken from its reference, as by `const { deposit } = alice`. */
export function detachedMethod(method: string, className: string): MoonpoolError {
  return new MoonpoolError('DETACHED_METHOD', {
    message: `The method ${method} of a reference to ${className} was called without the reference, so that nobody knows whom it is for`,
    remedy: `Call it on the reference, as in reference.${method}(...), or pass a function that does: (...args) => reference.${method}(...args).`,
  });
}
