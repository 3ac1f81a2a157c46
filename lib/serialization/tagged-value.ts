import type { CarriedReference } from '../actor/carried-reference';
import { leavePromisesIn } from '../concurrency/handed-promises';
import { keysOf, kindOf, viewNameOf } from './carried-object';
import { recordOfError } from './error-record';
import { TEMPORAL, temporalTextOf, type TemporalText } from './temporal-value';
import { checkBigint, checkSize, MAX_DEPTH, TOO_DEEP, unserializable } from './value-limits';

/**
 * What JSON cannot say is said by an object with the key `$`, which names the type, and mostly `value`. An ordinary
 * object that has the key `$` itself is written as its list of entries.
 */
export const TAG = '$';

/** A value that says by its tag what it is. */
export type Tagged = { readonly [TAG]: string; readonly value?: unknown; readonly at?: unknown };

/**
 * The value in terms of JSON alone. What needs no tag is returned as it is, without a copy.
 * @throws MoonpoolError UNSERIALIZABLE_VALUE for functions, symbols, objects whose content cannot be seen, and values that are too deep or refer to themselves.
 */
export function toTagged(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
        ? value
        : { [TAG]: 'number', value: String(Object.is(value, -0) ? '-0' : value) };
    case 'undefined':
      return { [TAG]: 'undefined' };
    case 'bigint':
      return { [TAG]: 'bigint', value: textOfBigint(value) };
    case 'object':
      if (value === null) return null;
      return depth === 0 ? wholeToTagged(value) : objectToTagged(value, depth + 1);
    default:
      throw unserializable(`a ${typeof value}`);
  }
}

/** Of a value that is refused nobody waits for the promises in it. */
function wholeToTagged(value: object): unknown {
  try {
    return objectToTagged(value, 1);
  } catch (error) {
    leavePromisesIn(value);
    throw error;
  }
}

function objectToTagged(value: object, depth: number): unknown {
  if (depth > MAX_DEPTH) throw unserializable(TOO_DEEP);
  const kind = kindOf(value);
  switch (kind) {
    case 'record':
      return recordToTagged(value as Record<string, unknown>, keysOf(value), depth);
    case 'array':
      return listToTagged(value as readonly unknown[], depth);
    case 'reference':
      return referenceToTagged(value as CarriedReference);
    case 'date':
      return { [TAG]: 'date', value: toTagged((value as Date).getTime()) };
    case 'map': {
      const map = value as ReadonlyMap<unknown, unknown>;
      checkSize('a map', map.size);
      return { [TAG]: 'map', value: [...map].map(([key, item]) => [toTagged(key, depth), toTagged(item, depth)]) };
    }
    case 'set': {
      const set = value as ReadonlySet<unknown>;
      checkSize('a set', set.size);
      return { [TAG]: 'set', value: listToTagged([...set], depth) };
    }
    case 'buffer':
      return bytesToTagged('Buffer', value as Buffer);
    case 'typed array':
      return bytesToTagged(viewNameOf(value as Uint8Array), value as Uint8Array);
    case 'data view':
      return bytesToTagged('DataView', value as DataView);
    case 'array buffer':
      return bytesToTagged('ArrayBuffer', new Uint8Array(value as ArrayBuffer));
    case 'regexp': {
      const { source, flags, lastIndex } = value as RegExp;
      return { [TAG]: 'regexp', value: [source, flags, lastIndex] };
    }
    case 'url':
      return { [TAG]: 'url', value: (value as URL).href };
    case 'search parameters':
      return { [TAG]: 'search', value: (value as URLSearchParams).toString() };
    case 'temporal': {
      const { name, text } = temporalTextOf(value) as TemporalText;
      return { [TAG]: `${TEMPORAL}${name}`, value: text };
    }
    case 'error': {
      const record = { ...recordOfError(value as Error) };
      return { [TAG]: 'error', value: recordToTagged(record, Object.keys(record), depth) };
    }
  }
}

function listToTagged(list: readonly unknown[], depth: number): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const tagged = toTagged(list[index], depth);
    if (tagged !== list[index] && copy === undefined) copy = list.slice(0, index);
    copy?.push(tagged);
  }
  // A class of lists may have a toJSON, which JSON.stringify would call.
  return copy ?? (Object.getPrototypeOf(list) === Array.prototype ? list : [...list]);
}

function recordToTagged(record: Record<string, unknown>, keys: readonly string[], depth: number): unknown {
  let copy: Record<string, unknown> | undefined;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string;
    if (key === TAG) return entriesToTagged(record, keys, depth);
    const item = record[key];
    const tagged = toTagged(item, depth);
    if (tagged !== item && copy === undefined) {
      copy = {};
      for (const earlier of keys.slice(0, index)) copy[earlier] = record[earlier];
    }
    if (copy !== undefined) copy[key] = tagged;
  }
  if (copy !== undefined) return copy;
  // JSON.stringify would call toJSON; a value says what it is by its own fields alone.
  return typeof record['toJSON'] === 'function' ? { ...record } : record;
}

function entriesToTagged(record: Record<string, unknown>, keys: readonly string[], depth: number): Tagged {
  return { [TAG]: 'object', value: keys.map((key) => [key, toTagged(record[key], depth)]) };
}

function bytesToTagged(name: string, { buffer, byteOffset, byteLength }: ArrayBufferView): Tagged {
  return { [TAG]: name, value: Buffer.from(buffer, byteOffset, byteLength).toString('base64') };
}

function referenceToTagged(reference: CarriedReference): unknown {
  const { id, address } = reference.$carried;
  return address === undefined ? { [TAG]: 'actor', value: id.path } : { [TAG]: 'actor', value: id.path, at: address };
}

function textOfBigint(value: bigint): string {
  checkBigint(value);
  return value.toString();
}
