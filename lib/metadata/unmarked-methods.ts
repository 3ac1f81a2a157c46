/**
 * The names of the methods of a class, and of those that it extends, which no decorator has made callable from elsewhere:
 * callers get an error with its name, and not that something "is not a function".
 * @param isTaken true for names that callers use for something else.
 */
export function unmarkedMethods(
  type: { readonly prototype: object },
  isTaken: (name: string) => boolean,
): readonly string[] {
  const names = new Set<string>();
  for (
    let at: object | null = type.prototype;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object | null
  ) {
    for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(at))) {
      // A caller with a `then` would be taken for a promise; names with `$` are its controls.
      const isReserved = name === 'constructor' || name === 'then' || name.startsWith('$');
      if (typeof value === 'function' && !isReserved && !isTaken(name)) names.add(name);
    }
  }
  return [...names];
}
