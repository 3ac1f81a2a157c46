/** A promise that has rejected, which nobody need look at: the turn that it belongs to knows why. */
export function rejected(error: unknown): Promise<never> {
  const promise = Promise.reject(error);
  promise.catch(() => undefined);
  return promise;
}
