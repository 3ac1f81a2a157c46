import { inspect, types } from 'node:util';
import { CarriedReference } from '../actor/carried-reference';
import { isError } from '../errors/thrown-value';
import { hidingOf } from '../metadata/hidden-content';
import { temporalTextOf } from './temporal-value';
import { checkKeys, checkSize, unserializable, type UncarriedError } from './value-limits';

/**
 * What an object is to those who carry it: the one table of them, by which a copy for a near actor, the bytes for a far one and the
 * bytes of a state agree. A `record` is carried by its own enumerable fields, an `error` by what its record says.
 */
export type ObjectKind =
  | 'array'
  | 'record'
  | 'date'
  | 'map'
  | 'set'
  | 'buffer'
  | 'typed array'
  | 'data view'
  | 'array buffer'
  | 'regexp'
  | 'url'
  | 'search parameters'
  | 'temporal'
  | 'error'
  | 'reference';

/** Small lists are asked for all their keys; of larger ones it is cheaper to look at them as a person would. */
const FEW_ITEMS = 50;

/** Shows the names that a list has beside its items, and none of the items: the only way to learn of names that takes no longer for long lists. */
const NAMES_ALONE = { maxArrayLength: 0, depth: 0, customInspect: false, breakLength: Infinity, compact: true };
const NO_NAMES = /\[ \.\.\. \d+ more items? \]$/;

/**
 * What the object is. What cannot be seen as a whole from outside is refused and never taken for an empty object.
 * @throws UncarriedError
 */
export function kindOf(value: object): ObjectKind {
  if (Array.isArray(value)) {
    checkSize('an array', value.length);
    refuseNamesOfList(value);
    return 'array';
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Object.prototype || prototype === null) return 'record';
  if (value instanceof CarriedReference) return 'reference';
  const hiding = hidingOf(prototype as object);
  if (hiding === undefined) return 'record';
  const kind = brandOf(value);
  if (kind === undefined) throw hidden(value);
  if (hiding.isPrivate && kind !== 'error')
    throw unserializable(
      `an object of ${nameOf(value)}, whose class has private fields (#name) that cannot be seen from outside`,
    );
  if (kind !== 'error') refuseNames(value, kind);
  return kind;
}

/**
 * The keys of a record, or of an instance of a class, when it can be carried by them. @throws UncarriedError
 * @param fields a copy that has all its own enumerable fields, if there is one.
 */
export function keysOf(value: object, fields = value): readonly string[] {
  const keys = Object.keys(fields);
  checkKeys(keys);
  refuseSymbols(fields);
  if (keys.length === 0) refuseEmptied(value);
  return keys;
}

/** By what the object is and not by what it says: neither another realm nor a prototype that was set deceives it. */
export function brandOf(value: object): ObjectKind | undefined {
  if (types.isDate(value)) return 'date';
  if (types.isMap(value)) return 'map';
  if (types.isSet(value)) return 'set';
  if (types.isTypedArray(value))
    return isKnownView(value) ? (Buffer.isBuffer(value) ? 'buffer' : 'typed array') : undefined;
  if (types.isDataView(value)) return isAttached(value.buffer) ? 'data view' : undefined;
  if (types.isArrayBuffer(value)) return isAttached(value) ? 'array buffer' : undefined;
  if (types.isRegExp(value)) return 'regexp';
  if (types.isProxy(value)) return undefined;
  if (isError(value)) return 'error';
  if (value instanceof URL) return hasBrand(URL.prototype, 'href', value) ? 'url' : undefined;
  if (value instanceof URLSearchParams)
    return hasBrand(URLSearchParams.prototype, 'size', value) ? 'search parameters' : undefined;
  return temporalTextOf(value) === undefined ? undefined : 'temporal';
}

/** A class of typed arrays, which copies the elements of another one, or lies over a buffer. */
export interface ViewClass {
  readonly BYTES_PER_ELEMENT: number;
  new (content: ArrayBuffer | Uint8Array): ArrayBufferView;
}

/** The classes of typed arrays that this version of Node.js has, by name: `Float16Array` comes with Node.js 24, and our types do not know it. */
const VIEWS: ReadonlyMap<string, ViewClass> = new Map(
  [
    'Uint8Array',
    'Int8Array',
    'Uint8ClampedArray',
    'Uint16Array',
    'Int16Array',
    'Uint32Array',
    'Int32Array',
    'Float16Array',
    'Float32Array',
    'Float64Array',
    'BigInt64Array',
    'BigUint64Array',
  ].flatMap((name) => {
    const type = Reflect.get(globalThis, name) as ViewClass | undefined;
    return type === undefined ? [] : [[name, type] as const];
  }),
);

const viewName = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
  ?.get as (this: ArrayBufferView) => string;

/** The name of the class of a typed array, whatever class of a program extends that. */
export function viewNameOf(view: ArrayBufferView): string {
  return viewName.call(view);
}

/** The class of typed arrays with the name; undefined where this version of Node.js has none. */
export function viewClassOf(name: string): ViewClass | undefined {
  return VIEWS.get(name);
}

function isKnownView(view: ArrayBufferView): boolean {
  return VIEWS.has(viewNameOf(view)) && isAttached(view.buffer);
}

/** A buffer that was handed to another thread has no content any more. */
function isAttached(buffer: ArrayBufferLike): boolean {
  if (buffer.byteLength > 0) return true;
  try {
    return new Uint8Array(buffer).length === 0;
  } catch {
    return false;
  }
}

/** Whether the object has the inner part that the property is read from. */
function hasBrand(prototype: object, property: string, value: object): boolean {
  try {
    Reflect.get(prototype, property, value);
    return true;
  } catch {
    return false;
  }
}

function refuseNamesOfList(list: readonly unknown[]): void {
  const { length } = list;
  if (length > FEW_ITEMS) {
    if (NO_NAMES.test(inspect(list, NAMES_ALONE))) return;
  } else if (Object.getOwnPropertySymbols(list).length === 0) {
    // Indices come first, so a name of its own would be the last key.
    const last = Object.keys(list).pop();
    if (last === undefined || Number(last) < length) return;
  }
  refuseNames(list, 'array');
}

function refuseNames(value: object, kind: ObjectKind): void {
  const isList = kind === 'array' || kind === 'typed array' || kind === 'buffer';
  if (isList && kind !== 'array' && NO_NAMES.test(inspect(value, NAMES_ALONE))) return;
  const name = Object.keys(value).find((key) => !isList || !(Number(key) < (value as ArrayLike<unknown>).length));
  if (name !== undefined)
    throw unserializable(`an object of ${nameOf(value)} with the field ${JSON.stringify(name)} beside its content`);
  refuseSymbols(value);
}

function refuseSymbols(value: object): void {
  const symbols = Object.getOwnPropertySymbols(value);
  // Hardly any object has some, and a loop over none costs more than the question.
  if (symbols.length === 0) return;
  for (const key of symbols) {
    if (Object.prototype.propertyIsEnumerable.call(value, key))
      throw unserializable(`an object with the key ${String(key)}, and keys are texts`);
  }
}

/** An object that shows nothing of itself may have nothing, or hide it. */
function refuseEmptied(value: object): void {
  if (types.isProxy(value) || brandOf(value) !== undefined || Object.getOwnPropertyNames(value).length > 0)
    throw hidden(value);
  for (
    let at: unknown = Object.getPrototypeOf(value);
    typeof at === 'object' && at !== null && Object.getPrototypeOf(at) !== null;
    at = Object.getPrototypeOf(at)
  ) {
    for (const property of Object.values(Object.getOwnPropertyDescriptors(at)))
      if (property.get !== undefined) throw hidden(value);
  }
}

function hidden(value: object): UncarriedError {
  return unserializable(wordsFor(value));
}

/** What is refused, as a noun. */
function wordsFor(value: object): string {
  if (types.isProxy(value)) return 'a proxy, behind which the object cannot be seen (copy what is to travel)';
  if (types.isPromise(value)) return 'a promise (was an await forgotten?)';
  if (types.isBoxedPrimitive(value))
    return `a boxed ${typeof (value as { valueOf(): unknown }).valueOf()} (leave out the \`new\`, or call valueOf())`;
  if (types.isGeneratorObject(value)) return 'a generator (make a list of it: [...values])';
  if (typeof (value as { next?: unknown }).next === 'function') return 'an iterator (make a list of it: [...values])';
  if (ArrayBuffer.isView(value) && !isAttached(value.buffer))
    return `a ${nameOf(value)} whose buffer was handed to another thread`;
  return `an object of ${nameOf(value)}, whose content cannot be seen from outside`;
}

function nameOf(value: object): string {
  const { constructor: type } = value;
  return typeof type === 'function' && type.name !== '' ? type.name : 'no class';
}
