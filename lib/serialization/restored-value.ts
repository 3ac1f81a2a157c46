import { CarriedReference } from '../actor/carried-reference';
import { hidingOf } from '../metadata/hidden-content';
import { MAX_DEPTH, TOO_DEEP, unserializable } from './value-limits';

/**
 * The objects of a value in an order that depends on its content alone, so that each is found again in a value that was made of the same content.
 * Only those that have a content of their own which can change: records, lists, maps, sets and dates.
 * @throws MoonpoolError UNSERIALIZABLE_VALUE for one that is too deep, or refers to itself.
 */
export function objectsOf(value: object): readonly object[] {
  const kind = kindIn(value);
  if (kind === undefined) return [];
  // Most values have no other, and their list is kept as long as they are: it is not to have room for more.
  const objects = [value];
  collectContent(value, kind, objects, 0);
  return objects;
}

/**
 * Gives the objects of a value the content that they had: whoever holds one of them, in a field of an actor or an index of its own, holds what the value is made of now as well.
 * @param objects those that the value had when it had this content.
 * @param content a value of this content, whose objects nobody else holds.
 * @returns the value, made of these objects; of those of the content where they do not belong together, or where one can be changed no more.
 */
export function restoredValue(objects: readonly object[], content: object): object {
  const found = objectsOf(content);
  if (found.length !== objects.length || !found.every((object, index) => isAlike(object, objects[index] as object)))
    return content;
  const originals = new Map<unknown, object>();
  found.forEach(
    (object, index) => isChangeable(objects[index] as object) && originals.set(object, objects[index] as object),
  );
  return new Restoration(originals).restored(content) as object;
}

function collect(value: object, into: object[], depth = 0): void {
  const kind = kindIn(value);
  if (kind === undefined) return;
  if (depth > MAX_DEPTH) throw unserializable(TOO_DEEP);
  into.push(value);
  collectContent(value, kind, into, depth);
}

function collectContent(value: object, kind: ChangingKind, into: object[], depth: number): void {
  switch (kind) {
    case 'record':
      collectFields(value as Readonly<Record<string, unknown>>, into, depth + 1);
      return;
    case 'array':
      for (const item of value as readonly unknown[]) if (isObject(item)) collect(item, into, depth + 1);
      return;
    case 'map':
      for (const [key, item] of value as ReadonlyMap<unknown, unknown>) {
        if (isObject(key)) collect(key, into, depth + 1);
        if (isObject(item)) collect(item, into, depth + 1);
      }
      return;
    case 'set':
      for (const item of value as ReadonlySet<unknown>) if (isObject(item)) collect(item, into, depth + 1);
      return;
    default:
  }
}

/** In the order of their names: that of the fields is another one in an object that its constructor has made. Most have no objects in them, or one. */
function collectFields(record: Readonly<Record<string, unknown>>, into: object[], depth: number): void {
  let one: string | undefined;
  let several: string[] | undefined;
  for (const key in record) {
    if (!isObject(record[key])) continue;
    if (several !== undefined) several.push(key);
    else if (one === undefined) one = key;
    else several = [one, key];
  }
  if (several !== undefined) for (const key of several.sort()) collect(record[key] as object, into, depth);
  else if (one !== undefined) collect(record[one] as object, into, depth);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

type ChangingKind = 'record' | 'array' | 'map' | 'set' | 'date';

/** Undefined for what has no content that could change: it is taken as it was made again. Asks less of lists than who carries them, for it is asked after each turn. */
function kindIn(value: object): ChangingKind | undefined {
  const prototype = Object.getPrototypeOf(value) as object | null;
  if (prototype === Object.prototype || prototype === null) return 'record';
  if (Array.isArray(value)) return 'array';
  if (value instanceof CarriedReference) return undefined;
  if (hidingOf(prototype) === undefined) return 'record';
  if (value instanceof Map) return 'map';
  if (value instanceof Set) return 'set';
  return value instanceof Date ? 'date' : undefined;
}

function isAlike(one: object, other: object): boolean {
  return kindIn(one) === kindIn(other);
}

/** What is frozen, or has fields that nobody may set, was not changed either. */
function isChangeable(object: object): boolean {
  if (!Object.isExtensible(object)) return false;
  if (kindIn(object) !== 'record') return true;
  return Object.values(Object.getOwnPropertyDescriptors(object)).every(({ configurable }) => configurable === true);
}

class Restoration {
  constructor(private readonly originals: ReadonlyMap<unknown, object>) {}

  /** The object that had this content, with it; the content itself where there is none. */
  restored(content: unknown): unknown {
    const original = this.originals.get(content);
    if (original === undefined) return content;
    switch (kindIn(original)) {
      case 'record':
        this.fillRecord(original, content as object);
        break;
      case 'array':
        this.fillList(original as unknown[], content as readonly unknown[]);
        break;
      case 'map':
        this.fillMap(original as Map<unknown, unknown>, content as ReadonlyMap<unknown, unknown>);
        break;
      case 'set':
        this.fillSet(original as Set<unknown>, content as ReadonlySet<unknown>);
        break;
      case 'date':
        (original as Date).setTime((content as Date).getTime());
        break;
      default:
    }
    return original;
  }

  private fillRecord(original: object, content: object): void {
    const keys = Object.keys(content);
    const before = Object.keys(original);
    // Names that came and went would change the order in which the fields are written.
    if (before.length !== keys.length || before.some((key) => !Object.hasOwn(content, key)))
      for (const key of before) Reflect.deleteProperty(original, key);
    for (const key of keys) {
      const field = Object.getOwnPropertyDescriptor(content, key) as PropertyDescriptor;
      if ('value' in field) field.value = this.restored(field.value);
      Object.defineProperty(original, key, field);
    }
  }

  private fillList(original: unknown[], content: readonly unknown[]): void {
    original.length = content.length;
    content.forEach((item, index) => (original[index] = this.restored(item)));
  }

  private fillMap(original: Map<unknown, unknown>, content: ReadonlyMap<unknown, unknown>): void {
    Map.prototype.clear.call(original);
    for (const [key, item] of content) Map.prototype.set.call(original, this.restored(key), this.restored(item));
  }

  private fillSet(original: Set<unknown>, content: ReadonlySet<unknown>): void {
    Set.prototype.clear.call(original);
    for (const item of content) Set.prototype.add.call(original, this.restored(item));
  }
}
