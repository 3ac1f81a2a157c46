/** Resolves when all of them have: the promise itself where there is one, undefined where there is none. Nobody need look at it. */
export function allOf(writes: readonly (Promise<void> | undefined)[]): Promise<void> | undefined {
  const pending = writes.filter((write) => write !== undefined);
  if (pending.length < 2) return pending[0];
  const all = Promise.all(pending).then(() => undefined);
  all.catch(() => undefined);
  return all;
}
