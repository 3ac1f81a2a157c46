import { CarriedReference, type ReferenceReader } from '../actor/carried-reference';
import { keysOf, kindOf, viewNameOf, VIEWS, type ObjectKind } from './carried-object';
import { recordOfError, restoreError } from './error-record';
import { checkBigint, checkSize, MAX_DEPTH, TOO_DEEP, unserializable } from './value-limits';

/**
 * A copy that shares nothing with the value: what a call within one node passes, so that it differs in nothing from a
 * call to another node. Carries what the serializer carries and loses the same: classes of a program become plain data.
 * @param references makes the references in the copy; without it they belong to no turn.
 * @throws MoonpoolError UNSERIALIZABLE_VALUE
 */
export function isolate(value: unknown, references?: ReferenceReader, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) {
    refuseUncarried(value);
    return value;
  }
  if (depth >= MAX_DEPTH) throw unserializable(TOO_DEEP);
  const kind = kindOf(value);
  if (kind === 'record') return isolateFields(value as Record<string, unknown>, keysOf(value), references, depth);
  if (kind === 'array') return isolateItems(value as readonly unknown[], references, depth);
  return isolateSpecial(value, kind, references, depth);
}

/** The items of a list whose own fields nobody asks for, such as that of a call's arguments. @throws MoonpoolError UNSERIALIZABLE_VALUE */
export function isolateItems(list: readonly unknown[], references?: ReferenceReader, depth = 0): unknown[] {
  const { length } = list;
  checkSize('an array', length);
  const copy = new Array<unknown>(length);
  for (let index = 0; index < length; index++) copy[index] = isolate(list[index], references, depth + 1);
  return copy;
}

function isolateFields(
  value: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  references: ReferenceReader | undefined,
  depth: number,
): Record<string, unknown> {
  const copy: Record<string, unknown> = {};
  for (const key of keys) copy[key] = isolate(value[key], references, depth + 1);
  return copy;
}

/** Of what is no object. */
function refuseUncarried(value: unknown): void {
  if (typeof value === 'function' || typeof value === 'symbol') throw unserializable(`a ${typeof value}`);
  if (typeof value === 'bigint') checkBigint(value);
}

function isolateSpecial(
  value: object,
  kind: Exclude<ObjectKind, 'record' | 'array'>,
  references: ReferenceReader | undefined,
  depth: number,
): unknown {
  switch (kind) {
    case 'reference':
      return references === undefined
        ? (value as CarriedReference).$unbound()
        : references.read((value as CarriedReference).$carried);
    case 'date':
      return new Date((value as Date).getTime());
    case 'map': {
      const map = value as ReadonlyMap<unknown, unknown>;
      checkSize('a map', map.size);
      return new Map(
        [...map].map(([key, item]) => [isolate(key, references, depth + 1), isolate(item, references, depth + 1)]),
      );
    }
    case 'set': {
      const set = value as ReadonlySet<unknown>;
      checkSize('a set', set.size);
      return new Set([...set].map((item) => isolate(item, references, depth + 1)));
    }
    case 'buffer':
      return Buffer.from(value as Buffer);
    case 'typed array':
      // A class of a program may have made it; what arrives is the typed array.
      return new VIEWS[viewNameOf(value as Uint8Array)](value as Uint8Array & BigInt64Array);
    case 'array buffer':
      return (value as ArrayBuffer).slice(0);
    case 'data view': {
      const { buffer, byteOffset, byteLength } = value as DataView<ArrayBuffer>;
      return new DataView(buffer.slice(byteOffset, byteOffset + byteLength));
    }
    case 'regexp':
      return copyOfRegExp(value as RegExp);
    case 'url':
      return new URL((value as URL).href);
    case 'search parameters':
      return new URLSearchParams((value as URLSearchParams).toString());
    case 'error': {
      const record = recordOfError(value as Error);
      const copy = restoreError(isolateFields({ ...record }, Object.keys(record), references, depth));
      // Where it comes from may be told here: it does not leave the process.
      if (typeof (value as Error).stack === 'string') copy.stack = (value as Error).stack as string;
      return copy;
    }
  }
}

function copyOfRegExp(pattern: RegExp): RegExp {
  const copy = new RegExp(pattern.source, pattern.flags);
  copy.lastIndex = pattern.lastIndex;
  return copy;
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
  for (const part of partsToFreeze(value)) freezeCarried(part, depth + 1);
}

/** What is in it, of which it is frozen where it can be. */
function partsToFreeze(value: object): Iterable<unknown> {
  switch (kindOf(value)) {
    case 'record':
      keysOf(value);
      return freezeFields(value);
    case 'array':
      return freezeFields(value);
    case 'map':
      return [...(value as ReadonlyMap<unknown, unknown>)].flat();
    case 'set':
      return value as ReadonlySet<unknown>;
    case 'error':
      return Object.values(recordOfError(value as Error));
    default:
      return [];
  }
}

function isFreezable(value: object): boolean {
  return (
    !ArrayBuffer.isView(value) &&
    !(value instanceof CarriedReference || value instanceof Date || value instanceof Map || value instanceof Set)
  );
}

/** Freezes the object, not what is in it, and returns that. */
function freezeFields(value: object): readonly unknown[] {
  const parts = Object.values(value);
  if (parts.some((part) => part instanceof CarriedReference)) {
    for (const [key, part] of Object.entries(value))
      if (part instanceof CarriedReference) Reflect.set(value, key, part.$unbound());
  }
  Object.freeze(value);
  return parts;
}

/**
 * The value with its references made again, and copied only as far as it holds any: for values that pass through the hands
 * of many turns, each of which calls as itself.
 */
export function rebindReferences(value: unknown, references: ReferenceReader): unknown {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  if (value instanceof CarriedReference) return references.read(value.$carried);
  if (value instanceof Map)
    return holdsReference([...value].flat())
      ? new Map(
          [...value].map(([key, item]) => [rebindReferences(key, references), rebindReferences(item, references)]),
        )
      : value;
  if (value instanceof Set)
    return holdsReference([...value]) ? new Set([...value].map((item) => rebindReferences(item, references))) : value;
  if (!holdsReference(value)) return value;
  if (Array.isArray(value)) return Object.freeze(value.map((item) => rebindReferences(item, references)));
  return Object.freeze(
    Object.fromEntries(Object.entries(value).map(([key, item]) => [key, rebindReferences(item, references)])),
  );
}

function holdsReference(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if (value instanceof CarriedReference) return true;
  if (value instanceof Map) return [...value].flat().some(holdsReference);
  return (value instanceof Set ? [...value] : Object.values(value)).some(holdsReference);
}
