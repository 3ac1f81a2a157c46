import type { CarriedReference, ReferenceReader } from '../actor/carried-reference';
import { MoonpoolError } from '../errors/moonpool-error';
import { outsideText } from '../errors/outside-text';
import { messageOf } from '../errors/thrown-value';
import { ActorId } from '../identity/actor-id';
import { viewClassOf, type ViewClass } from './carried-object';
import { restoreError } from './error-record';
import { TAG, type Tagged } from './tagged-value';
import { TEMPORAL, temporalOf } from './temporal-value';
import { checkReceived, MAX_DEPTH, MAX_DIGITS, MAX_ITEMS, MAX_KEYS, refuseDangerousKey } from './value-limits';

const BIGINT = new RegExp(`^-?\\d{1,${MAX_DIGITS}}$`);

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
  if (Object.hasOwn(value, TAG)) return untag(value as Tagged, references, depth);
  return readFields(value as Record<string, unknown>, references, depth);
}

function readFields(
  record: Record<string, unknown>,
  references: ReferenceReader | undefined,
  depth: number,
): Record<string, unknown> {
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
      return new Date(numberOf(fromTagged(value)));
    case 'map':
      return new Map(entriesOf(tag, value, references, depth));
    case 'set':
      return new Set(fromTagged(listOf(tag, value), references, depth + 1) as unknown[]);
    case 'text':
      return unpairedText(textOf(tag, value));
    case 'DataView':
      return new DataView(bytesOf(textOf(tag, value)).buffer);
    case 'ArrayBuffer':
      return bytesOf(textOf(tag, value)).buffer;
    case 'Buffer':
      return Buffer.from(textOf(tag, value), 'base64');
    case 'regexp':
      return regexpOf(value);
    case 'url':
      return urlOf(textOf(tag, value));
    case 'search':
      return new URLSearchParams(textOf(tag, value));
    case 'error':
      if (typeof value !== 'object' || value === null || Array.isArray(value))
        throw malformed('an error without its record');
      return restoreError(readFields(value as Record<string, unknown>, references, depth));
    case 'actor':
      return referenceOf(textOf(tag, value), tagged.at, references);
    case 'object': {
      const entries = entriesOf(tag, value, references, depth) as [string, unknown][];
      checkReceived('keys', entries.length, MAX_KEYS);
      for (const [key] of entries) {
        if (typeof key !== 'string') throw malformed('an object with a key that is no text');
        refuseDangerousKey(key);
      }
      return Object.fromEntries(entries);
    }
    default:
      if (typeof tag === 'string') return untagNamed(tag, value);
      throw malformed(`the unknown type of a ${typeof tag}`);
  }
}

/** An object of a class by whose name it is tagged. */
function untagNamed(tag: string, value: unknown): object {
  const view = viewClassOf(tag);
  if (view !== undefined) return typedArray(tag, view, textOf(tag, value));
  if (tag.startsWith(TEMPORAL)) return temporalIn(tag, textOf(tag, value));
  throw malformed(`the unknown type '${outsideText(tag)}'`);
}

function referenceOf(path: string, at: unknown, references: ReferenceReader | undefined): CarriedReference {
  if (references === undefined)
    throw malformed(
      `a reference to the actor '${outsideText(path)}', which only calls, answers and states of actors may hold`,
    );
  let id: ActorId;
  try {
    id = ActorId.parse(path);
  } catch (cause) {
    throw malformed('a reference to an actor that cannot be', cause);
  }
  const isAddressed = typeof at === 'string' && at.length > 0;
  if (id.hasKey === isAddressed || (at !== undefined && !isAddressed))
    throw malformed(`a reference to the actor '${outsideText(path)}' with ${isAddressed ? 'an' : 'no'} address`);
  return references.read({ id, address: isAddressed ? at : undefined });
}

function typedArray(name: string, type: ViewClass, base64: string): ArrayBufferView {
  const bytes = bytesOf(base64);
  if (bytes.length % type.BYTES_PER_ELEMENT !== 0) throw malformed(`a ${name} of ${bytes.length} bytes`);
  return new type(bytes.buffer);
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(Buffer.from(base64, 'base64'));
}

/** A text with half a pair of surrogates, which UTF-8 cannot say. */
function unpairedText(base64: string): string {
  const bytes = Buffer.from(base64, 'base64');
  if (bytes.length % 2 !== 0) throw malformed('a text of half a letter');
  return bytes.toString('utf16le');
}

/** A pattern is only made here: what it takes to find it somewhere is for whoever looks for it. */
function regexpOf(value: unknown): RegExp {
  const [source, flags, lastIndex] = listOf('regexp', value);
  try {
    const pattern = new RegExp(textOf('regexp', source), textOf('regexp', flags));
    if (typeof lastIndex === 'number') pattern.lastIndex = lastIndex;
    return pattern;
  } catch (cause) {
    throw malformed('a regular expression that is none', cause);
  }
}

function urlOf(href: string): URL {
  try {
    return new URL(href);
  } catch (cause) {
    throw malformed('an address that is no URL', cause);
  }
}

function temporalIn(tag: string, text: string): object {
  try {
    return temporalOf(tag.slice(TEMPORAL.length), text);
  } catch (cause) {
    throw malformed(`a ${outsideText(tag)} that cannot be made: ${outsideText(messageOf(cause))}`, cause);
  }
}

function entriesOf(
  tag: string,
  value: unknown,
  references: ReferenceReader | undefined,
  depth: number,
): [unknown, unknown][] {
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

function numberOf(value: unknown): number {
  if (typeof value !== 'number') throw malformed('a date without a number');
  return value;
}

function textOf(tag: string, value: unknown): string {
  if (typeof value !== 'string') throw malformed(`a ${tag} without a text`);
  return value;
}

function bigintOf(text: string): bigint {
  if (!BIGINT.test(text)) throw malformed('a bigint that is no number');
  return BigInt(text);
}

function malformed(found: string, cause?: unknown): MoonpoolError {
  return new MoonpoolError('MALFORMED_PAYLOAD', {
    message: `The received value holds ${found}`,
    ...(cause === undefined ? {} : { cause }),
  });
}
