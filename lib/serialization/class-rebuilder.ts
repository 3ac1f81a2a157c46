import type { plainToInstance as PlainToInstance, TransformationType } from 'class-transformer';
import { CarriedReference } from '../actor/carried-reference';
import type { Constructor } from '../injection/token';

/** The part of class-transformer's record of its decorators that is read here. */
interface TransformerStorage {
  getStrategy(type: unknown): string;
  getExposedProperties(type: unknown, transformation: TransformationType): readonly string[];
  getExcludedProperties(type: unknown, transformation: TransformationType): readonly string[];
  findTypeMetadata(type: unknown, property: string): unknown;
  findTransformMetadatas(type: unknown, property: string, transformation: TransformationType): readonly unknown[];
}

const PLAIN_TO_CLASS = 0 as TransformationType.PLAIN_TO_CLASS;

/**
 * An instance of the class with the fields of the plain object; fields that are absent keep what the constructor gave
 * them. Classes that use decorators of class-transformer are rebuilt by it; for others it is left aside, because it
 * empties the values of maps and typed arrays of which it was told nothing. References stay what they are.
 */
export function rebuild<T extends object>(type: Constructor<T>, plain: object): T {
  const { plainToInstance, storage } = transformer();
  if (usesTransformer(storage, type, plain)) {
    const references: CarriedReference[] = [];
    const hidden = hideReferences(plain, references) as object;
    const instance = plainToInstance(type as new () => T, hidden, { exposeDefaultValues: true });
    return references.length === 0 ? instance : (showReferences(instance) as T);
  }
  return Object.assign(new (type as new () => T)(), plain);
}

/** What stands for a reference while a value is rebuilt: class-transformer takes objects apart and lets functions be. */
type Stand = (() => void) & { reference?: CarriedReference };

function hideReferences(value: unknown, found: CarriedReference[]): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value instanceof CarriedReference) {
    found.push(value);
    const stand: Stand = () => undefined;
    stand.reference = value;
    return stand;
  }
  if (Array.isArray(value)) return replaceItems(value, (item) => hideReferences(item, found));
  if (!isRecord(value)) return value;
  return replaceItems(value, (item) => hideReferences(item, found));
}

function showReferences(value: unknown): unknown {
  if (typeof value === 'function') return (value as Stand).reference ?? value;
  return typeof value === 'object' && value !== null && !ArrayBuffer.isView(value) ? replaceItems(value, showReferences) : value;
}

/** In place: the value was made for this receiver, and nobody else has seen it. */
function replaceItems<T extends object>(value: T, replace: (item: unknown) => unknown): T {
  for (const [key, item] of Object.entries(value)) {
    const replaced = replace(item);
    if (replaced !== item) Reflect.set(value, key, replaced);
  }
  return value;
}

function isRecord(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** How many keys of a class are remembered to have no decorator: keys come from outside, so they are bounded. */
const MAX_KNOWN_KEYS = 64;

/** What is known of a class: whether it is exposed or excluded as a whole, and which keys are known to be plain. */
interface KnownType {
  readonly isTransformed: boolean;
  readonly plainKeys: Set<string>;
}

/** Derived from the decorators of classes, which never change; an entry goes when its class goes. */
const knownTypes = new WeakMap<object, KnownType>();

function usesTransformer(storage: TransformerStorage, type: object, plain: object): boolean {
  const { isTransformed, plainKeys } = knownType(storage, type);
  if (isTransformed) return true;
  for (const key of Object.keys(plain)) {
    if (plainKeys.has(key)) continue;
    if (storage.findTypeMetadata(type, key) !== undefined || storage.findTransformMetadatas(type, key, PLAIN_TO_CLASS).length > 0) return true;
    if (plainKeys.size < MAX_KNOWN_KEYS) plainKeys.add(key);
  }
  return false;
}

function knownType(storage: TransformerStorage, type: object): KnownType {
  let known = knownTypes.get(type);
  if (known === undefined) {
    const isTransformed =
      storage.getStrategy(type) !== 'none' ||
      storage.getExposedProperties(type, PLAIN_TO_CLASS).length > 0 ||
      storage.getExcludedProperties(type, PLAIN_TO_CLASS).length > 0;
    known = { isTransformed, plainKeys: new Set() };
    knownTypes.set(type, known);
  }
  return known;
}

/** What is used of class-transformer. */
interface Transformer {
  readonly plainToInstance: typeof PlainToInstance;
  readonly storage: TransformerStorage;
}

let loadedTransformer: Transformer | undefined;

/** Loaded when the first class is rebuilt: a program without payload classes does not pay for it. */
function transformer(): Transformer {
  loadedTransformer ??= loadTransformer();
  return loadedTransformer;
}

function loadTransformer(): Transformer {
  const { plainToInstance } = require('class-transformer') as { plainToInstance: typeof PlainToInstance };
  const { defaultMetadataStorage } = require('class-transformer/cjs/storage') as { defaultMetadataStorage: TransformerStorage };
  return { plainToInstance, storage: defaultMetadataStorage };
}
