import { describeValue } from '../errors/describe-value';
import { isError, messageOf } from '../errors/thrown-value';
import { hidingOf } from '../metadata/hidden-content';
import { brandOf } from './carried-object';

/**
 * What `structuredClone` would lose of a value without a word, as a noun: it refuses functions and most classes of the platform by itself, and
 * takes objects of a program's classes for their fields. Undefined when all of it arrives. Never throws. Circles are no trouble, as they are none there.
 */
export function lostByClone(value: unknown): string | undefined {
  try {
    return lookInto(value, new Set());
  } catch (error) {
    // A getter or a proxy.
    return `what cannot be looked at: ${messageOf(error)}`;
  }
}

function lookInto(value: unknown, seen: Set<object>): string | undefined {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value) || seen.has(value)) return undefined;
  seen.add(value);
  const prototype = Object.getPrototypeOf(value) as object | null;
  const hiding = prototype === null ? undefined : hidingOf(prototype);
  if (hiding?.isPrivate === true)
    return `${describeValue(value)}, whose class has private fields (#name) that cannot be seen from outside`;
  if (hiding !== undefined && isEmptied(value)) return `${describeValue(value)}, of which nothing would arrive`;
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

/**
 * An object of the platform keeps what it is within itself, and a copy of some is an empty object. It is asked of a copy, for only the platform
 * knows which: of most it refuses to make one, which whoever sends it learns then.
 */
function isEmptied(value: object): boolean {
  if (Array.isArray(value)) return false;
  const brand = brandOf(value);
  // The others are copied whole, whatever class of a program extends their own.
  if (brand !== undefined && brand !== 'error' && brand !== 'url' && brand !== 'search parameters') return false;
  try {
    const copy = structuredClone(value);
    return brand === 'error' ? !isError(copy) : Object.getPrototypeOf(copy) !== Object.getPrototypeOf(value);
  } catch {
    return false;
  }
}
