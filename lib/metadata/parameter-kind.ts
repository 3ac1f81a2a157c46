import type { Constructor } from '../injection/token';
import { AcceptedKind, unchecked, type Accepted } from './accepted';
import { isOfPlatform } from './hidden-content';
import { actorOptionsOf } from './metadata-store';
import { TEMPORAL_CLASSES } from './temporal-classes';

/** How the value of one parameter, or of an answer, is checked and rebuilt: the rows of the table that all checks of them go by. */
export type ParameterKind =
  /** Whatever comes is taken: its author has said so. */
  | { readonly kind: 'anything' }
  /** The compiler says no more than this of it, so its values are taken as they are, unless they look like payloads that should be checked. */
  | { readonly kind: 'unseen'; readonly of: 'value' | 'list' | 'map' | 'set'; readonly refusesRecords: boolean }
  | { readonly kind: 'primitive'; readonly type: 'string' | 'number' | 'boolean' | 'bigint' }
  /** An instance of the class is made of it, and checked by its rules. */
  | { readonly kind: 'payload'; readonly type: Constructor<object> }
  /** A class that is carried as what it is: Date, URL, Buffer, an error. */
  | { readonly kind: 'carried'; readonly type: Constructor<object> }
  | { readonly kind: 'reference'; readonly type: Constructor<object> }
  | { readonly kind: 'one of'; readonly values: readonly unknown[] }
  | { readonly kind: 'list' | 'set'; readonly item: ParameterKind }
  | { readonly kind: 'map'; readonly key: ParameterKind; readonly item: ParameterKind }
  /** Null is let in too. */
  | { readonly kind: 'nullable'; readonly inner: ParameterKind }
  /** It cannot be left out. Others can, for the compiler does not say which parameters are optional. */
  | { readonly kind: 'required'; readonly inner: ParameterKind };

export const ANYTHING: ParameterKind = { kind: 'anything' };

const PRIMITIVES: ReadonlyMap<unknown, ParameterKind> = new Map<unknown, ParameterKind>([
  [String, { kind: 'primitive', type: 'string' }],
  [Number, { kind: 'primitive', type: 'number' }],
  [Boolean, { kind: 'primitive', type: 'boolean' }],
  [BigInt, { kind: 'primitive', type: 'bigint' }],
]);

/** Of which the compiler says nothing but this. */
const UNSEEN: ReadonlyMap<unknown, 'value' | 'list' | 'map' | 'set'> = new Map<
  unknown,
  'value' | 'list' | 'map' | 'set'
>([
  [Object, 'value'],
  [Array, 'list'],
  [Map, 'map'],
  [Set, 'set'],
]);

/** Classes that are carried as what they are, so that they are no payload classes. Others of the platform do not travel at all. */
const CARRIED: readonly Constructor<object>[] = [
  Date,
  RegExp,
  URL,
  URLSearchParams,
  ArrayBuffer,
  DataView,
  Buffer as unknown as Constructor<object>,
  ...TEMPORAL_CLASSES.values(),
];

/** The kind that `accepts` names. A value that names none is undefined. */
export function kindOfAccepted(accepted: Accepted): ParameterKind {
  if (accepted instanceof AcceptedKind) return kindOfParts(accepted);
  if (accepted === unchecked) return ANYTHING;
  if (Array.isArray(accepted)) return { kind: 'list', item: kindOfAccepted(accepted[0] as Accepted) };
  if (typeof accepted === 'function') return kindOfClass(accepted);
  return { kind: 'one of', values: valuesOfEnum(accepted as Readonly<Record<string, string | number>>) };
}

function kindOfParts({ of, parts }: AcceptedKind): ParameterKind {
  if (of === 'one of') return { kind: of, values: parts };
  const [first, second] = parts.map((part) => kindOfAccepted(part as Accepted));
  const inner = first ?? ANYTHING;
  switch (of) {
    case 'list':
    case 'set':
      return { kind: of, item: inner };
    case 'map':
      return { kind: of, key: inner, item: second ?? ANYTHING };
    default:
      return { kind: of, inner };
  }
}

/** The kind of a parameter whose type is this class. */
export function kindOfClass(type: unknown): ParameterKind {
  const primitive = PRIMITIVES.get(type);
  if (primitive !== undefined) return primitive;
  const unseen = UNSEEN.get(type);
  // What is in a list, a map or a set may be payloads; a value may be meant to be anything.
  if (unseen !== undefined) return { kind: 'unseen', of: unseen, refusesRecords: unseen !== 'value' };
  const named = type as Constructor<object>;
  if (isCarriedClass(named)) return { kind: 'carried', type: named };
  return actorOptionsOf(named) === undefined ? { kind: 'payload', type: named } : { kind: 'reference', type: named };
}

/** True for classes of the platform whose objects are carried as what they are. */
export function isCarriedClass(type: Constructor<object>): boolean {
  return CARRIED.includes(type) || ArrayBuffer.isView(type.prototype) || isErrorClass(type) || isTypedArrayClass(type);
}

/** True for what no value can be an instance of when it has travelled: `Promise`, `WeakMap`, `Headers`. */
export function isUncarriedClass(type: Constructor<object>): boolean {
  return !PRIMITIVES.has(type) && !UNSEEN.has(type) && !isCarriedClass(type) && isOfPlatform(type);
}

function isErrorClass(type: Constructor<object>): boolean {
  return type === Error || (Error.prototype.isPrototypeOf(type.prototype as object) && isOfPlatform(type));
}

function isTypedArrayClass(type: Constructor<object>): boolean {
  return Object.getPrototypeOf(type) === Object.getPrototypeOf(Uint8Array);
}

/** An enum of numbers has an entry back for each of its names. */
function valuesOfEnum(members: Readonly<Record<string, string | number>>): readonly (string | number)[] {
  return Object.entries(members)
    .filter(([name]) => typeof members[String(members[name])] !== 'number' || !/^-?\d/.test(name))
    .map(([, value]) => value);
}
