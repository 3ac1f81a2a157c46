import { checkKeys, checkSize, MAX_DEPTH, unserializable } from './value-limits';

/**
 * A copy that shares nothing with the value: what a call within one node passes, so that it differs in nothing from a
 * call to another node. Carries what the serializer carries and loses the same: classes become plain data.
 * @throws MoonpoolError UNSERIALIZABLE_VALUE
 */
export function isolate(value: unknown, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) {
    if (typeof value === 'function' || typeof value === 'symbol') throw unserializable(`a ${typeof value}`);
    return value;
  }
  if (depth >= MAX_DEPTH) throw unserializable(`itself, or objects nested deeper than ${MAX_DEPTH}`);
  if (Array.isArray(value)) {
    const { length } = value;
    checkSize('an array', length);
    const copy = new Array<unknown>(length);
    for (let index = 0; index < length; index++) copy[index] = isolate(value[index], depth + 1);
    return copy;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const special = isolateSpecial(value, depth);
    if (special !== undefined) return special;
  }
  const copy: Record<string, unknown> = {};
  const keys = Object.keys(value);
  checkKeys(keys);
  for (const key of keys) copy[key] = isolate((value as Record<string, unknown>)[key], depth + 1);
  return copy;
}

function isolateSpecial(value: object, depth: number): unknown {
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Map) {
    checkSize('a map', value.size);
    return new Map([...value].map(([key, item]) => [isolate(key, depth + 1), isolate(item, depth + 1)]));
  }
  if (value instanceof Set) {
    checkSize('a set', value.size);
    return new Set([...value].map((item) => isolate(item, depth + 1)));
  }
  if (Buffer.isBuffer(value)) return Uint8Array.from(value);
  if (ArrayBuffer.isView(value)) {
    if (value instanceof DataView) throw unserializable('a DataView');
    return (value as Uint8Array).slice();
  }
  if (value instanceof Promise) throw unserializable('a promise (was an await forgotten?)');
  return undefined;
}

/** Freezes the value and everything in it, so that both sides of a call may hold it. */
export function freezeDeep<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value) && !ArrayBuffer.isView(value)) {
    Object.freeze(value);
    for (const item of Object.values(value)) freezeDeep(item);
  }
  return value;
}
