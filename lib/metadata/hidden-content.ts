import jsTokens from 'js-tokens';

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

/** What compilers make of private fields, each by functions of its own: TypeScript and swc, Babel, esbuild. */
const LOWERED_FIELD = /_classPrivateField|_class_private_field|__privateAdd\b/;

function hasPrivateFields(text: string): boolean {
  return LOWERED_FIELD.test(text) || (text.includes('#') && declaresPrivateField(text));
}

/**
 * Whether a private field is declared somewhere, and not a method, an accessor or something of the class itself: `#name;`, `#name = 1` or `#name` at the end of a line, and no
 * `static` before it.
 */
function declaresPrivateField(text: string): boolean {
  let before = '';
  let isName = false;
  let isLineOver = false;
  for (const { type, value } of jsTokens(text)) {
    if (type === 'LineTerminatorSequence') isLineOver = true;
    if (NO_CODE.has(type)) continue;
    if (isName && (ENDS_OF_NAME.has(value) || (isLineOver && !GOES_ON.has(value)))) return true;
    isName = type === 'PrivateIdentifier' && !BEFORE_OTHERS.has(before);
    isLineOver = false;
    before = value;
  }
  return false;
}

const NO_CODE: ReadonlySet<string> = new Set([
  ...['WhiteSpace', 'LineTerminatorSequence', 'SingleLineComment', 'MultiLineComment'],
]);
/** Behind the name of a field. */
const ENDS_OF_NAME: ReadonlySet<string> = new Set(['=', ';', '}']);
/** Behind a name, on the next line, when that of a field has not ended there. */
const GOES_ON: ReadonlySet<string> = new Set(['(', 'in']);
/** Before the name of what is no field of an instance, or is only used there. */
const BEFORE_OTHERS: ReadonlySet<string> = new Set(['.', '?.', 'static']);
