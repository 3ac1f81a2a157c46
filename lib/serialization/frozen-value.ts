import { CarriedReference, type ReferenceReader } from '../actor/carried-reference';
import { leavePromisesIn } from '../concurrency/handed-promises';
import { keysOf, kindOf } from './carried-object';
import { recordOfError } from './error-record';
import { MAX_DEPTH, refuseUncarried, TOO_DEEP, unserializable } from './value-limits';

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
  try {
    freezeCarried(value, 0);
  } catch (error) {
    leavePromisesIn(value);
    throw error;
  }
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
