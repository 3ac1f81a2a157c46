import { NAMES_OF_THE_LANGUAGE } from './names-of-the-language';

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
      // Names with `$` are controls of the caller.
      const isReserved = NAMES_OF_THE_LANGUAGE.has(name) || name.startsWith('$');
      if (typeof value === 'function' && !isReserved && !isTaken(name)) names.add(name);
    }
  }
  return [...names];
}
