const ignore = (): undefined => undefined;

/**
 * Marks the rejection of a promise as handled, for nobody waits for what it comes to: it ends no process. Never throws.
 * @param onFailed learns why it was rejected.
 */
export function leaveAlone(promise: Promise<unknown>, onFailed: (error: unknown) => void = ignore): void {
  try {
    // Its own `then` may be anybody's.
    void Promise.prototype.then.call(promise, undefined, onFailed);
  } catch {
    // A constructor of its own, from which the promise of `then` would be made, fails: nothing is left to be done.
  }
}
