import type { CarriedReference, ReferenceReader } from '../actor/carried-reference';
import { leavePromisesIn } from '../concurrency/handed-promises';
import { keysOf, kindOf, viewClassOf, viewNameOf, type ObjectKind, type ViewClass } from './carried-object';
import { recordOfError, restoreError } from './error-record';
import { temporalOf, temporalTextOf, type TemporalText } from './temporal-value';
import { BOUNDS, boundOf } from './value-bound';
import { checkSize, MAX_DEPTH, refuseUncarried, TOO_DEEP, unserializable } from './value-limits';

/**
 * A copy that shares nothing with the value: what a call within one node passes, so that it differs in nothing from a
 * call to another node. Carries what the serializer carries and loses the same: classes of a program become plain data.
 * @param references makes the references in the copy; without it they belong to no turn.
 * @throws MoonpoolError UNSERIALIZABLE_VALUE
 */
export function isolate(value: unknown, references?: ReferenceReader): unknown {
  try {
    return new Isolation(references).copyOf(value, 0);
  } catch (error) {
    leavePromisesIn(value);
    throw error;
  }
}

/** Copies values as {@link isolate} does, and knows how large they are: to look at them once more for that would cost as much as copying. */
export class Isolation {
  /** How many bytes at most all that was copied takes when it travels, as {@link boundOf} tells it. */
  bytes = 0;

  constructor(private readonly references?: ReferenceReader) {}

  /** @throws MoonpoolError UNSERIALIZABLE_VALUE */
  copyOf(value: unknown, depth: number): unknown {
    switch (typeof value) {
      case 'object':
        if (value !== null) return this.copyOfObject(value, depth);
        break;
      case 'string':
        this.bytes += value.length * BOUNDS.unit;
        break;
      case 'bigint':
      case 'function':
      case 'symbol':
        refuseUncarried(value);
        this.bytes += boundOf(value, Number.POSITIVE_INFINITY);
        return value;
      default:
    }
    this.bytes += BOUNDS.scalar;
    return value;
  }

  /** The items of a list whose own fields nobody asks for, such as that of a call's arguments. @throws MoonpoolError UNSERIALIZABLE_VALUE */
  copyOfItems(list: readonly unknown[], depth = 0): unknown[] {
    const { length } = list;
    checkSize('an array', length);
    this.bytes += BOUNDS.object + length * BOUNDS.part;
    const copy = new Array<unknown>(length);
    for (let index = 0; index < length; index++) copy[index] = this.copyOf(list[index], depth + 1);
    return copy;
  }

  private copyOfObject(value: object, depth: number): unknown {
    if (depth >= MAX_DEPTH) throw unserializable(TOO_DEEP);
    const kind = kindOf(value);
    if (kind === 'record') return this.copyOfRecord(value, depth);
    if (kind === 'array') return this.copyOfItems(value as readonly unknown[], depth);
    // What is in it is counted with it.
    const before = this.bytes;
    const copy = this.copyOfSpecial(value, kind, depth);
    this.bytes = before + boundOf(copy, Number.POSITIVE_INFINITY);
    return copy;
  }

  private copyOfRecord(value: object, depth: number): object {
    // All fields at once, which takes a fraction of the time of taking one after the other, and shows what there is beside texts as keys.
    const copy: Record<string, unknown> = { ...value };
    const keys = keysOf(value, copy);
    this.bytes += BOUNDS.object;
    for (let index = 0; index < keys.length; index++) {
      const key = keys[index] as string;
      this.bytes += key.length * BOUNDS.unit + BOUNDS.scalar;
      const field = copy[key];
      const own = this.copyOf(field, depth + 1);
      if (own !== field) copy[key] = own;
    }
    return copy;
  }

  private copyOfSpecial(value: object, kind: Exclude<ObjectKind, 'record' | 'array'>, depth: number): unknown {
    switch (kind) {
      case 'reference': {
        const reference = value as CarriedReference;
        return this.references === undefined ? reference.$unbound() : this.references.read(reference.$carried);
      }
      case 'date':
        return new Date((value as Date).getTime());
      case 'map': {
        const map = value as ReadonlyMap<unknown, unknown>;
        checkSize('a map', map.size);
        return new Map([...map].map(([key, item]) => [this.copyOf(key, depth + 1), this.copyOf(item, depth + 1)]));
      }
      case 'set': {
        const set = value as ReadonlySet<unknown>;
        checkSize('a set', set.size);
        return new Set([...set].map((item) => this.copyOf(item, depth + 1)));
      }
      case 'buffer':
        return Buffer.from(value as Buffer);
      case 'typed array':
        // A class of a program may have made it; what arrives is the typed array.
        return new (viewClassOf(viewNameOf(value as Uint8Array)) as ViewClass)(value as Uint8Array);
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
      case 'temporal': {
        const { name, text } = temporalTextOf(value) as TemporalText;
        return temporalOf(name, text);
      }
      case 'error':
        return this.copyOfError(value as Error, depth);
    }
  }

  private copyOfError(value: Error, depth: number): Error {
    const fields: Record<string, unknown> = { ...recordOfError(value) };
    for (const [key, field] of Object.entries(fields)) fields[key] = this.copyOf(field, depth + 1);
    const copy = restoreError(fields);
    // Where it comes from may be said here: it does not leave the process.
    if (typeof value.stack === 'string') copy.stack = value.stack;
    return copy;
  }
}

function copyOfRegExp(pattern: RegExp): RegExp {
  const copy = new RegExp(pattern.source, pattern.flags);
  copy.lastIndex = pattern.lastIndex;
  return copy;
}
