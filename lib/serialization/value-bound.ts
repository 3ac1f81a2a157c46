import { CarriedReference } from '../actor/carried-reference';
import { isError } from '../errors/thrown-value';
import { recordOfError } from './error-record';
import { temporalTextOf } from './temporal-value';

/** How many bytes the pieces of a value take at most, whatever the serializer. */
export const BOUNDS = {
  /** A UTF-16 unit: in JSON some are written as six letters. */
  unit: 6,
  /** A number, a boolean, null or undefined, with a tag around it; what stands around a text or a key. */
  scalar: 48,
  /** The tag of an object, and what stands around its parts. */
  object: 96,
  /** What stands between the parts of an object. */
  part: 8,
} as const;
const { unit: MOST_BYTES_OF_UNIT, scalar: SCALAR_BYTES, object: OBJECT_BYTES, part: PART_BYTES } = BOUNDS;

/**
 * How many bytes the value has at most when it travels, by any serializer that goes through `toTagged`; a number above the limit as
 * soon as that is passed. It takes a small part of the time of writing the value: by it a near call knows that a far one
 * would have got through. The value has been carried, so it has no circles, and nothing that cannot travel.
 */
export function boundOf(value: unknown, limit: number): number {
  switch (typeof value) {
    case 'string':
      return value.length * MOST_BYTES_OF_UNIT + SCALAR_BYTES;
    case 'bigint':
      return value.toString().length + OBJECT_BYTES;
    case 'object':
      return value === null ? SCALAR_BYTES : boundOfObject(value, limit);
    default:
      return SCALAR_BYTES;
  }
}

function boundOfObject(value: object, limit: number): number {
  if (Array.isArray(value)) return boundOfParts(value, limit);
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const special = boundOfSpecial(value, limit);
    if (special !== undefined) return special;
  }
  return boundOfFields(value as Readonly<Record<string, unknown>>, limit);
}

function boundOfSpecial(value: object, limit: number): number | undefined {
  if (value instanceof CarriedReference) {
    const { id, address = '' } = value.$carried;
    return (id.path.length + address.length) * MOST_BYTES_OF_UNIT + OBJECT_BYTES;
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
    return Math.ceil(value.byteLength / 3) * 4 + OBJECT_BYTES;
  if (value instanceof Date) return OBJECT_BYTES;
  if (value instanceof Set) return boundOfParts(value, limit);
  if (value instanceof Map) {
    let bytes = OBJECT_BYTES;
    for (const entry of value) {
      bytes += boundOfParts(entry, limit);
      if (bytes > limit) break;
    }
    return bytes;
  }
  if (value instanceof RegExp || value instanceof URL || value instanceof URLSearchParams)
    return String(value).length * MOST_BYTES_OF_UNIT + OBJECT_BYTES;
  const temporal = temporalTextOf(value);
  if (temporal !== undefined) return temporal.text.length * MOST_BYTES_OF_UNIT + OBJECT_BYTES;
  return isError(value) ? boundOfFields({ ...recordOfError(value) }, limit) : undefined;
}

function boundOfParts(parts: Iterable<unknown>, limit: number): number {
  let bytes = OBJECT_BYTES;
  for (const part of parts) {
    bytes += boundOf(part, limit) + PART_BYTES;
    if (bytes > limit) break;
  }
  return bytes;
}

function boundOfFields(record: Readonly<Record<string, unknown>>, limit: number): number {
  let bytes = OBJECT_BYTES;
  for (const key of Object.keys(record)) {
    bytes += key.length * MOST_BYTES_OF_UNIT + boundOf(record[key], limit) + SCALAR_BYTES;
    if (bytes > limit) break;
  }
  return bytes;
}
