/** Why the own fields of an object may not be all of it. */
export interface Hiding {
  /** The class itself says so, by private fields. False where a class of the platform is among those that it extends. */
  readonly isPrivate: boolean;
}

/** By prototype; an entry goes when its class goes. */
const known = new WeakMap<object, { readonly hiding: Hiding | undefined }>();

/**
 * Whether instances with this prototype may have content that their own fields do not show. Undefined for classes that are
 * written in JavaScript and keep everything in fields: their instances are plain data. Not for classes of the platform, for
 * prototypes that are no class (of iterators, and what `Object.create` makes), and for classes with private fields, which are
 * found in their source text, since nothing else tells of them.
 */
export function hidingOf(prototype: object): Hiding | undefined {
  let entry = known.get(prototype);
  if (entry === undefined) {
    entry = { hiding: lookAt(prototype) };
    known.set(prototype, entry);
  }
  return entry.hiding;
}

function lookAt(prototype: object): Hiding | undefined {
  let isPrivate = false;
  for (let at: object | null = prototype; at !== null && !isRoot(at); at = Object.getPrototypeOf(at) as object | null) {
    const type: unknown = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
    if (typeof type !== 'function' || type.prototype !== at) return { isPrivate };
    if (isOfPlatform(type)) return { isPrivate };
    if (hasPrivateFields(Function.prototype.toString.call(type))) isPrivate = true;
  }
  return isPrivate ? { isPrivate } : undefined;
}

/** `Object.prototype`, of this realm or another one. */
function isRoot(prototype: object): boolean {
  return (
    Object.getPrototypeOf(prototype) === null &&
    Object.hasOwn(prototype, 'isPrototypeOf') &&
    Object.hasOwn(prototype, 'propertyIsEnumerable')
  );
}

/** True for classes of the language and of Node.js. What the platform defines is not enumerable, and what a program puts there is. */
export function isOfPlatform(type: { readonly name: string }): boolean {
  if (Function.prototype.toString.call(type).endsWith('[native code] }')) return true;
  const global = Object.getOwnPropertyDescriptor(globalThis, type.name);
  return global !== undefined && global.enumerable !== true && Reflect.get(globalThis, type.name) === type;
}

/** Comments and texts, in which a `#` means nothing. */
const NO_CODE = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
/** `#name;`, `#name = 1` or `#name` at the end of a line, where a member begins; and what compilers make of it. */
const PRIVATE_FIELD =
  /(?:^|[{};\n])\s*#[\p{ID_Start}$_][\p{ID_Continue}$]*\s*(?:[=;}\n]|$)|__classPrivateField|_class_private_field/u;

function hasPrivateFields(text: string): boolean {
  if (!text.includes('#') && !/classPrivateField|_class_private_field/.test(text)) return false;
  return PRIVATE_FIELD.test(text.replace(NO_CODE, "''"));
}
