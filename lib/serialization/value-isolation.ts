import { CarriedReference, type ReferenceReader } from '../actor/carried-reference';
import { checkBigint, checkKeys, checkSize, MAX_DEPTH, TOO_DEEP, unserializable } from './value-limits';

const FORGOTTEN_AWAIT = 'a promise (was an await forgotten?)';

/**
 * A copy that shares nothing with the value: what a call within one node passes, so that it differs in nothing from a
 * call to another node. Carries what the serializer carries and loses the same: classes become plain data.
 * @param references makes the references in the copy; without it they belong to no turn.
 * @throws MoonpoolError UNSERIALIZABLE_VALUE
 */
export function isolate(value: unknown, references?: ReferenceReader, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) {
    refuseUncarried(value);
    return value;
  }
  if (depth >= MAX_DEPTH) throw unserializable(TOO_DEEP);
  if (Array.isArray(value)) {
    const { length } = value;
    checkSize('an array', length);
    const copy = new Array<unknown>(length);
    for (let index = 0; index < length; index++) copy[index] = isolate(value[index], references, depth + 1);
    return copy;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) {
    const special = isolateSpecial(value, references, depth);
    if (special !== undefined) return special;
  }
  const copy: Record<string, unknown> = {};
  const keys = Object.keys(value);
  checkKeys(keys);
  for (const key of keys) copy[key] = isolate((value as Record<string, unknown>)[key], references, depth + 1);
  return copy;
}

/** Of what is no object. */
function refuseUncarried(value: unknown): void {
  if (typeof value === 'function' || typeof value === 'symbol') throw unserializable(`a ${typeof value}`);
  if (typeof value === 'bigint') checkBigint(value);
}

function isolateSpecial(value: object, references: ReferenceReader | undefined, depth: number): unknown {
  if (value instanceof CarriedReference) return references === undefined ? value.$unbound() : references.read(value.$carried);
  if (value instanceof Date) return new Date(value.getTime());
  if (value instanceof Map) {
    checkSize('a map', value.size);
    return new Map([...value].map(([key, item]) => [isolate(key, references, depth + 1), isolate(item, references, depth + 1)]));
  }
  if (value instanceof Set) {
    checkSize('a set', value.size);
    return new Set([...value].map((item) => isolate(item, references, depth + 1)));
  }
  if (Buffer.isBuffer(value)) return Uint8Array.from(value);
  if (ArrayBuffer.isView(value)) {
    if (value instanceof DataView) throw unserializable('a DataView');
    return (value as Uint8Array).slice();
  }
  if (value instanceof Promise) throw unserializable(FORGOTTEN_AWAIT);
  return undefined;
}

/**
 * Freezes the value and what is in it, as far as that is not frozen already, so that several may hold it. Maps, sets, dates and
 * typed arrays cannot be frozen. A reference in it then belongs to no turn, for it is in the hands of several.
 */
export function freezeDeep<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value) || !isFreezable(value)) return value;
  // Before what is in it: a circle ends at what is frozen.
  for (const part of freezeFields(value)) freezeDeep(part);
  return value;
}

/**
 * What both sides of a call hold without a copy: frozen, also what lies within objects that are frozen themselves. A reference
 * that is the value itself, and not within it, still goes over to whoever receives it.
 * @throws MoonpoolError UNSERIALIZABLE_VALUE for what {@link isolate} refuses too.
 */
export function shareFrozen(value: unknown, references: ReferenceReader): unknown {
  if (value instanceof CarriedReference) return references.read(value.$carried);
  freezeCarried(value, 0);
  return value;
}

function freezeCarried(value: unknown, depth: number): void {
  if (typeof value !== 'object' || value === null) {
    refuseUncarried(value);
    return;
  }
  if (depth >= MAX_DEPTH) throw unserializable(TOO_DEEP);
  if (value instanceof Promise) throw unserializable(FORGOTTEN_AWAIT);
  if (value instanceof Map) {
    for (const [key, item] of value) for (const part of [key, item]) freezeCarried(part, depth + 1);
  } else if (value instanceof Set) {
    for (const item of value) freezeCarried(item, depth + 1);
  } else if (isFreezable(value)) {
    if (Array.isArray(value)) checkSize('an array', value.length);
    else checkKeys(Object.keys(value));
    for (const part of freezeFields(value)) freezeCarried(part, depth + 1);
  }
}

function isFreezable(value: object): boolean {
  return !ArrayBuffer.isView(value) && !(value instanceof CarriedReference || value instanceof Date || value instanceof Map || value instanceof Set);
}

/** Freezes the object, not what is in it, and returns that. */
function freezeFields(value: object): readonly unknown[] {
  const parts = Object.values(value);
  if (parts.some((part) => part instanceof CarriedReference)) {
    for (const [key, part] of Object.entries(value)) if (part instanceof CarriedReference) Reflect.set(value, key, part.$unbound());
  }
  Object.freeze(value);
  return parts;
}

/**
 * The value with its references made anew, and copied only as far as it holds any: for values that pass through the hands
 * of many turns, each of which calls as itself.
 */
export function rebindReferences(value: unknown, references: ReferenceReader): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (value instanceof CarriedReference) return references.read(value.$carried);
  if (value instanceof Map) return holdsReference([...value].flat()) ? new Map([...value].map(([key, item]) => [rebindReferences(key, references), rebindReferences(item, references)])) : value;
  if (value instanceof Set) return holdsReference([...value]) ? new Set([...value].map((item) => rebindReferences(item, references))) : value;
  if (!holdsReference(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => rebindReferences(item, references)));
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rebindReferences(item, references)])));
}

function holdsReference(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if (value instanceof CarriedReference) return true;
  if (value instanceof Map) return [...value].flat().some(holdsReference);
  return (value instanceof Set ? [...value] : Object.values(value)).some(holdsReference);
}
