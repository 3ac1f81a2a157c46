import { CarriedReference, type ReferenceReader } from '../actor/carried-reference';
import { keysOf, kindOf, viewNameOf, VIEWS, type ObjectKind } from './carried-object';
import { recordOfError, restoreError } from './error-record';
import { checkSize, MAX_DEPTH, refuseUncarried, TOO_DEEP, unserializable } from './value-limits';

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
