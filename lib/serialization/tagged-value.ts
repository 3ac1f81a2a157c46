import { CarriedReference, type ReferenceReader } from '../actor/carried-reference';
import { MoonpoolError } from '../errors/moonpool-error';
import { outsideText } from '../errors/outside-text';
import { ActorId } from '../identity/actor-id';
import { checkBigint, checkKeys, checkReceived, checkSize, MAX_DEPTH, MAX_DIGITS, MAX_ITEMS, MAX_KEYS, refuseDangerousKey, TOO_DEEP, unserializable } from './value-limits';

/**
 * What JSON cannot say is said by an object with the key `$`, which names the type, and mostly `value`. An ordinary
 * object that has the key `$` itself is written as its list of entries.
 */
const TAG = '$';

const BIGINT = new RegExp(`^-?\\d{1,${MAX_DIGITS}}$`);

type Tagged = { readonly [TAG]: string; readonly value?: unknown; readonly at?: unknown };

const TYPED_ARRAYS = {
  Uint8Array, Int8Array, Uint8ClampedArray, Uint16Array, Int16Array, Uint32Array, Int32Array,
  Float32Array, Float64Array, BigInt64Array, BigUint64Array,
} as const;
type TypedArrayName = keyof typeof TYPED_ARRAYS;

/**
 * The value in terms of JSON alone. What needs no tag is returned as it is, without a copy.
 * @throws MoonpoolError UNSERIALIZABLE_VALUE for functions, symbols and values that are too deep or refer to themselves.
 */
export function toTagged(value: unknown, depth = 0): unknown {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0) ? value : { [TAG]: 'number', value: String(Object.is(value, -0) ? '-0' : value) };
    case 'undefined':
      return { [TAG]: 'undefined' };
    case 'bigint':
      return { [TAG]: 'bigint', value: textOfBigint(value) };
    case 'object':
      return value === null ? null : objectToTagged(value, depth + 1);
    default:
      throw unserializable(`a ${typeof value}`);
  }
}

function objectToTagged(value: object, depth: number): unknown {
  if (depth > MAX_DEPTH) throw unserializable(TOO_DEEP);
  if (Array.isArray(value)) return listToTagged(value, depth);
  if (value instanceof Date) return { [TAG]: 'date', value: toTagged(value.getTime()) };
  if (value instanceof Map) {
    checkSize('a map', value.size);
    return { [TAG]: 'map', value: [...value].map(([key, item]) => [toTagged(key, depth), toTagged(item, depth)]) };
  }
  if (value instanceof Set) return { [TAG]: 'set', value: listToTagged([...value], depth) };
  if (ArrayBuffer.isView(value)) return viewToTagged(value);
  if (value instanceof CarriedReference) return referenceToTagged(value);
  if (value instanceof Promise) throw unserializable('a promise (was an await forgotten?)');
  return recordToTagged(value as Record<string, unknown>, depth);
}

function listToTagged(list: readonly unknown[], depth: number): readonly unknown[] {
  checkSize('an array', list.length);
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const tagged = toTagged(list[index], depth);
    if (tagged !== list[index] && copy === undefined) copy = list.slice(0, index);
    copy?.push(tagged);
  }
  return copy ?? list;
}

function recordToTagged(record: Record<string, unknown>, depth: number): unknown {
  const keys = Object.keys(record);
  checkKeys(keys);
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

function viewToTagged(view: ArrayBufferView): Tagged {
  const name = Buffer.isBuffer(view) ? 'Uint8Array' : view.constructor.name;
  if (!(name in TYPED_ARRAYS)) throw unserializable(`a ${name}`);
  return { [TAG]: name, value: Buffer.from(view.buffer, view.byteOffset, view.byteLength).toString('base64') };
}

function referenceToTagged(reference: CarriedReference): unknown {
  const { id, address } = reference.$carried;
  return address === undefined ? { [TAG]: 'actor', value: id.path } : { [TAG]: 'actor', value: id.path, at: address };
}

/**
 * The value that {@link toTagged} was given, from what JSON.parse made of it. Works in place: the parsed objects become
 * the result.
 * @param references makes the references in it; without it there can be none.
 * @throws MoonpoolError MALFORMED_PAYLOAD, UNKNOWN_REFERENCE
 */
export function fromTagged(value: unknown, references?: ReferenceReader, depth = 0): unknown {
  if (typeof value !== 'object' || value === null) return value;
  checkReceived('levels', depth + 1, MAX_DEPTH + 1);
  if (Array.isArray(value)) {
    checkReceived('items', value.length, MAX_ITEMS);
    for (let index = 0; index < value.length; index++) {
      const item: unknown = value[index];
      if (typeof item === 'object' && item !== null) value[index] = fromTagged(item, references, depth + 1);
    }
    return value;
  }
  const record = value as Record<string, unknown>;
  if (Object.hasOwn(record, TAG)) return untag(record as Tagged, references, depth);
  const keys = Object.keys(record);
  checkReceived('keys', keys.length, MAX_KEYS);
  for (const key of keys) {
    refuseDangerousKey(key);
    const item = record[key];
    if (typeof item === 'object' && item !== null) record[key] = fromTagged(item, references, depth + 1);
  }
  return record;
}

function untag(tagged: Tagged, references: ReferenceReader | undefined, depth: number): unknown {
  const { [TAG]: tag, value } = tagged;
  switch (tag) {
    case 'undefined':
      return undefined;
    case 'number':
      return Number(textOf(tag, value));
    case 'bigint':
      return bigintOf(textOf(tag, value));
    case 'date':
      return new Date(fromTagged(value) as number);
    case 'map':
      return new Map(entriesOf(tag, value, references, depth));
    case 'set':
      return new Set(fromTagged(listOf(tag, value), references, depth + 1) as unknown[]);
    case 'actor':
      return referenceOf(textOf(tag, value), tagged.at, references);
    case 'object': {
      const entries = entriesOf(tag, value, references, depth) as [string, unknown][];
      checkReceived('keys', entries.length, MAX_KEYS);
      for (const [key] of entries) refuseDangerousKey(String(key));
      return Object.fromEntries(entries);
    }
    default:
      if (typeof tag === 'string' && Object.hasOwn(TYPED_ARRAYS, tag)) return typedArray(tag as TypedArrayName, textOf(tag, value));
      throw malformed(`the unknown type ${typeof tag === 'string' ? `'${outsideText(tag)}'` : `of a ${typeof tag}`}`);
  }
}

function referenceOf(path: string, at: unknown, references: ReferenceReader | undefined): CarriedReference {
  if (references === undefined) throw malformed(`a reference to the actor '${outsideText(path)}', which only calls, answers and states of actors may hold`);
  let id: ActorId;
  try {
    id = ActorId.parse(path);
  } catch (cause) {
    throw malformed('a reference to an actor that cannot be', cause);
  }
  const isAddressed = typeof at === 'string' && at.length > 0;
  if (id.isStatic !== isAddressed || (at !== undefined && !isAddressed)) throw malformed(`a reference to the actor '${outsideText(path)}' with ${isAddressed ? 'an' : 'no'} address`);
  return references.read({ id, address: isAddressed ? at : undefined });
}

function typedArray(name: TypedArrayName, base64: string): ArrayBufferView {
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  const type = TYPED_ARRAYS[name];
  if (bytes.length % type.BYTES_PER_ELEMENT !== 0) throw malformed(`a ${name} of ${bytes.length} bytes`);
  return new type(bytes.buffer);
}

function entriesOf(tag: string, value: unknown, references: ReferenceReader | undefined, depth: number): [unknown, unknown][] {
  return listOf(tag, value).map((entry) => {
    if (!Array.isArray(entry) || entry.length !== 2) throw malformed(`a ${tag} with an entry that is no pair`);
    return [fromTagged(entry[0], references, depth + 1), fromTagged(entry[1], references, depth + 1)];
  });
}

function listOf(tag: string, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw malformed(`a ${tag} without a list`);
  checkReceived('items', value.length, MAX_ITEMS);
  return value as unknown[];
}

function textOf(tag: string, value: unknown): string {
  if (typeof value !== 'string') throw malformed(`a ${tag} without a text`);
  return value;
}

function textOfBigint(value: bigint): string {
  checkBigint(value);
  return value.toString();
}

function bigintOf(text: string): bigint {
  if (!BIGINT.test(text)) throw malformed('a bigint that is no number');
  return BigInt(text);
}

function malformed(found: string, cause?: unknown): MoonpoolError {
  return new MoonpoolError('MALFORMED_PAYLOAD', { message: `The received value holds ${found}`, ...(cause === undefined ? {} : { cause }) });
}
