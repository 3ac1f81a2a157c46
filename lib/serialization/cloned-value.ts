import { hidingOf } from '../metadata/hidden-content';

/**
 * What `structuredClone` would lose of a value without a word, as a noun: it refuses functions and most classes of the platform by itself, and
 * takes objects of a program's classes for their fields. Undefined when all of it arrives. Circles are no trouble, as they are none there.
 */
export function lostByClone(value: unknown): string | undefined {
  return lookInto(value, new Set());
}

function lookInto(value: unknown, seen: Set<object>): string | undefined {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return undefined;
  seen.add(value);
  const prototype = Object.getPrototypeOf(value) as object | null;
  const hiding = prototype === null ? undefined : hidingOf(prototype);
  if (hiding?.isPrivate === true)
    return `an object of ${value.constructor.name}, whose class has private fields (#name) that cannot be seen from outside`;
  if (Object.getOwnPropertySymbols(value).some((key) => Object.prototype.propertyIsEnumerable.call(value, key)))
    return 'an object with a symbol as a key';
  const parts: Iterable<unknown> =
    value instanceof Map
      ? [...value].flat()
      : value instanceof Set
        ? value
        : hiding === undefined || Array.isArray(value)
          ? Object.values(value)
          : [];
  for (const part of parts) {
    const found = lookInto(part, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}
