import type { AmbientFunction } from './ambient-access';
import { guardedFunction, replaceProperty, type Replacement } from './replacement';

/**
 * A module or object of Node.js, and what becomes of each function of it in a run. What is on neither list is refused, so that
 * a version of Node.js which brings something new opens no door; a spec then asks for a decision.
 */
export interface BuiltinOwner {
  /** As a reader knows it: `fs`; the empty string for the global scope. */
  readonly name: string;
  readonly owner: object;
  /** What depends on nothing but its arguments, or on what does not change while a process lives. `*`: all of it. */
  readonly pure: string;
  /** What the simulated world answers, or what is refused for some arguments only: other tables say how. */
  readonly answered?: string;
  /** What no seed could decide. */
  readonly refused: string;
  /** What to do in place of calling what is refused. */
  readonly remedy: string;
}

/** The names on a list of a table. */
export function namesOn(list: string | undefined): readonly string[] {
  return list === undefined || list === '' ? [] : list.split(' ');
}

/** The functions of an owner that have to be decided upon: all but those that Node.js keeps for itself. */
export function functionsOf(owner: object): readonly string[] {
  return Object.getOwnPropertyNames(owner).filter(
    (name) => name !== 'constructor' && typeof valueOf(owner, name) === 'function',
  );
}

/** Replaces what is refused. @param isOpen the owner is one that others add functions to, so that only what is listed is refused. */
export function refusalsOf(
  { name: module, owner, pure, answered, refused, remedy }: BuiltinOwner,
  isOpen = false,
): readonly (Replacement | undefined)[] {
  if (pure === '*') return [];
  const kept = new Set([...namesOn(pure), ...namesOn(answered)]);
  const names = isOpen ? namesOn(refused) : functionsOf(owner).filter((name) => !kept.has(name));
  return names.map((property) => {
    const called: AmbientFunction = {
      name: module === '' ? property : `${module}.${property}`,
      kind: 'refused',
      remedy,
    };
    // The answer is never asked for: the watch throws.
    return replaceProperty(owner, property, (real) => guardedFunction(called, real, () => undefined));
  });
}

/** Node's own module: the way in which a TypeScript module imports it may be a view of it. */
export function plain(module: object): object {
  return (module as { default?: object }).default ?? module;
}

/** Values that Node.js warns of when they are read, as deprecated: nobody who runs a simulation has asked for them. */
const DEPRECATED_VALUES: ReadonlySet<string> = new Set(['fips', 'F_OK', 'R_OK', 'W_OK', 'X_OK']);

function valueOf(owner: object, name: string): unknown {
  if (DEPRECATED_VALUES.has(name)) return undefined;
  const descriptor = Object.getOwnPropertyDescriptor(owner, name);
  if (descriptor?.get === undefined) return descriptor?.value;
  try {
    return Reflect.get(owner, name);
  } catch {
    // An accessor of a prototype wants an instance.
    return undefined;
  }
}
