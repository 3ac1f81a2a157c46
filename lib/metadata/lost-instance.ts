import { CarriedReference } from '../actor/carried-reference';
import { isError } from '../errors/thrown-value';
import type { Constructor } from '../injection/token';
import { isOfPlatform } from './hidden-content';
import { transformerRecordOf, type TypedField } from './transformer-record';

/** An object within a value of which only the fields would come back: its methods and accessors belong to a class that nothing names there. */
export interface LostInstance {
  /** The field of the innermost class that is known, such as "Purse.coins"; the name of that class for the value itself. */
  readonly place: string;
  /** The class of the object. */
  readonly type: string;
  /** The class that it would come back as; undefined: a plain object, or the class of the platform that it extends. */
  readonly becomes: string | undefined;
  /** What is lost, by name. */
  readonly members: readonly string[];
  /** It stands in a plain object within that field, of which `@Type` cannot say what is in it. */
  readonly isWithinPlain: boolean;
}

/** The fields of a class that name the class of what is in them. */
export type FieldTable = (type: Constructor<object>) => ReadonlyMap<string, TypedField>;

/**
 * Tells of each object that would come back from bytes as something else than it is, when the value is made again as one of the class. Objects of
 * classes that have nothing but fields are not told of: nothing of theirs is lost but the class.
 * @param fieldsOf which fields are gone by; those with `@Type` alone where a value is kept as state. @throws what getters of the value throw.
 */
export function tellLost(
  type: Constructor<object>,
  value: object,
  tell: (lost: LostInstance) => void,
  fieldsOf: FieldTable = (of) => transformerRecordOf(of).typed,
): void {
  new LossSearch(tell, fieldsOf).look(value, type, { place: type.name, isWithinPlain: false });
}

/** True when objects of the class are more than their fields, so that plain objects do not take their place. */
export function hasMembers(type: Constructor<object>): boolean {
  return membersBeyond(type.prototype as object, undefined).length > 0;
}

/** The names of what the class of the object has beside its fields, without those of the classes of the platform. */
export function membersOf(value: object): readonly string[] {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null ? [] : membersBeyond(prototype, undefined);
}

/** As a sentence without its beginning, such as "holds an object of Money at Purse.coins, which would come back as a plain object, without euros". */
export function wordsOfLoss({ place, type, becomes, members }: LostInstance): string {
  const list = members.length > MAX_NAMED ? [...members.slice(0, MAX_NAMED), '...'] : members;
  const other = becomes === undefined ? 'with nothing of its class' : `as one of ${becomes}`;
  return `holds an object of ${type} at ${place}, which would come back ${other}, and without ${list.join(', ')}`;
}

/** What to do about it. */
export function remedyOfLoss({ place, type, becomes, isWithinPlain }: LostInstance): string {
  if (isWithinPlain)
    return `Nothing can name the class of what is in a plain object: make ${place} a Map with @Type(() => ${type}), give the object between a class of its own, or keep plain data there.`;
  if (becomes !== undefined)
    return `Name both classes: @Type(() => ${becomes}, { discriminator: { property: 'kind', subTypes: [{ value: ${type}, name: '${type}' }] } }).`;
  return `Declare ${place} with @Type(() => ${type}), of class-transformer, or keep plain data there.`;
}

const MAX_NAMED = 5;

interface Place {
  readonly place: string;
  readonly isWithinPlain: boolean;
}

class LossSearch {
  /** A value that was just made may be a circle, which nobody can store; here it only must come to an end. */
  private readonly above = new Set<object>();

  constructor(
    private readonly tell: (lost: LostInstance) => void,
    private readonly fieldsOf: FieldTable,
  ) {}

  /** @param expected the class that it will be made of; undefined where nothing names one. */
  look(value: object, expected: Constructor<object> | undefined, at: Place): void {
    const prototype = Object.getPrototypeOf(value) as object | null;
    if (prototype !== null && prototype !== Object.prototype && prototype !== expected?.prototype) {
      const members = membersBeyond(prototype, expected?.prototype as object | undefined);
      if (members.length > 0) {
        this.tell({ ...at, type: nameOf(prototype), becomes: expected?.name, members });
        return;
      }
    }
    if (this.above.has(value)) return;
    this.above.add(value);
    const typed = expected === undefined ? undefined : this.fieldsOf(expected);
    for (const key of Object.keys(value)) {
      const field = (value as Readonly<Record<string, unknown>>)[key];
      if (typeof field !== 'object' || field === null) continue;
      const inner =
        expected === undefined
          ? { ...at, isWithinPlain: true }
          : { place: `${expected.name}.${key}`, isWithinPlain: false };
      this.lookInField(field, typed?.get(key), { holder: value, at: inner });
    }
    this.above.delete(value);
  }

  private lookInField(
    value: unknown,
    field: TypedField | undefined,
    within: { readonly holder: object; readonly at: Place },
  ): void {
    if (typeof value !== 'object' || value === null || value instanceof CarriedReference || isSelfContained(value))
      return;
    const parts = partsOf(value);
    if (parts === undefined) {
      this.look(value, field === undefined ? undefined : classIn(field, value, within.holder), within.at);
      return;
    }
    const prototype = Object.getPrototypeOf(value) as object;
    const members = membersBeyond(prototype, undefined);
    if (members.length > 0) {
      this.tell({ ...within.at, type: nameOf(prototype), becomes: undefined, members });
      return;
    }
    if (this.above.has(value)) return;
    this.above.add(value);
    for (const part of parts) this.lookInField(part, field, within);
    this.above.delete(value);
  }
}

/** What carries its content in itself, and has no fields: numbers of bytes, moments, errors, which are told by their records. */
function isSelfContained(value: object): boolean {
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Date || isError(value);
}

/** What is in a list, a map or a set; undefined for other objects. */
function partsOf(value: object): Iterable<unknown> | undefined {
  if (Array.isArray(value)) return value;
  if (value instanceof Map) return [...value].flat();
  return value instanceof Set ? value : undefined;
}

/** The class that the object will be made of, as the field names it. */
function classIn(field: TypedField, value: object, holder: object): Constructor<object> | undefined {
  return field.subTypes.find((subType) => subType.value === value.constructor)?.value ?? field.typeOf(holder, holder);
}

/** The names of what the class has beside its fields, and the expected one has not. By prototype; an entry goes when its class goes. */
const known = new WeakMap<object, readonly string[]>();

function membersBeyond(prototype: object, expected: object | undefined): readonly string[] {
  if (expected !== undefined) return readMembers(prototype, expected);
  let members = known.get(prototype);
  if (members === undefined) {
    members = readMembers(prototype, undefined);
    known.set(prototype, members);
  }
  return members;
}

function readMembers(prototype: object, expected: object | undefined): readonly string[] {
  const names = new Set<string>();
  for (let at: object | null = prototype; at !== null; at = Object.getPrototypeOf(at) as object | null) {
    if (at === expected || (expected !== undefined && Object.prototype.isPrototypeOf.call(at, expected))) break;
    const type: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    // What is no class at all is refused by whoever carries it.
    if (typeof type !== 'function' || isOfPlatform(type)) break;
    for (const name of Reflect.ownKeys(at)) if (name !== 'constructor') names.add(String(name));
  }
  return [...names];
}

function nameOf(prototype: object): string {
  return (
    (prototype as { readonly constructor: { readonly name: string } }).constructor.name || 'a class without a name'
  );
}
