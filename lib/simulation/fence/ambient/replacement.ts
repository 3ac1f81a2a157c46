import type { AmbientFunction } from './ambient-access';
import type { AmbientWorld } from './ambient-world';

/** Who judges what is called while a world runs. */
export interface Watch {
  readonly world: AmbientWorld;
  /** True when the simulated world shall answer, false when the real function shall. @throws MoonpoolError AMBIENT_ACCESS when nobody may. */
  judges(called: AmbientFunction): boolean;
}

/** A function of any kind, seen from outside. */
export type AnyFunction = (this: unknown, ...args: never[]) => unknown;

/** A function of the surrounding world, and what stands in its place while a world runs. */
export interface Replacement {
  readonly owner: object;
  readonly property: string;
  readonly original: PropertyDescriptor;
  readonly guarded: PropertyDescriptor;
}

let watch: Watch | undefined;

/** Who watches now; undefined while no world runs. */
export function presentWatch(): Watch | undefined {
  return watch;
}

export function setWatch(next: Watch | undefined): void {
  watch = next;
}

/** What the simulated world says in place of a function. `self` is what it was called on, and for a constructor what is made. */
export type WorldAnswer = (world: AmbientWorld, args: readonly unknown[], self: unknown) => unknown;

/** Whether a call with these arguments asks for anything that no seed decides. */
export type Asks = (args: readonly unknown[], self: unknown) => boolean;

const ALWAYS: Asks = () => true;

/**
 * A function that asks the watch first. Code that took it while a world ran may call it at any later time: then it is
 * the real one. @param asks which calls are looked at. Default: all.
 */
export function guardedFunction(
  called: AmbientFunction,
  real: AnyFunction,
  answer: WorldAnswer,
  asks: Asks = ALWAYS,
): AnyFunction {
  const guarded = function (this: unknown, ...args: unknown[]): unknown {
    if (watch !== undefined && asks(args, this) && watch.judges(called))
      return answer(watch.world, args, new.target ?? this);
    return new.target === undefined ? Reflect.apply(real, this, args) : Reflect.construct(real, args, new.target);
  };
  // What else hangs on the function, its name and its prototype among them, stays what it was.
  for (const key of Reflect.ownKeys(real)) {
    const descriptor = Object.getOwnPropertyDescriptor(real, key);
    const present = Object.getOwnPropertyDescriptor(guarded, key);
    if (descriptor !== undefined && present?.configurable !== false)
      Object.defineProperty(guarded, key, { ...descriptor, configurable: true });
    else if (key === 'prototype') guarded.prototype = (real as { prototype?: unknown }).prototype;
  }
  return guarded as AnyFunction;
}

/** Replaces one property; undefined where this version of Node has none of that name, or one that cannot be replaced. */
export function replaceProperty(
  owner: object,
  property: string,
  wrap: (real: AnyFunction) => AnyFunction,
): Replacement | undefined {
  const original = Object.getOwnPropertyDescriptor(owner, property);
  const real: unknown =
    original === undefined ? undefined : original.get === undefined ? original.value : Reflect.get(owner, property);
  if (original?.configurable !== true || typeof real !== 'function') return undefined;
  const value = wrap(real as AnyFunction);
  // A property that stays of one kind is exchanged several times faster, and this is done for each seed.
  const guarded =
    original.get === undefined
      ? { ...original, value }
      : { configurable: true, writable: true, enumerable: original.enumerable ?? false, value };
  return { owner, property, original, guarded };
}

/** Replaces what a property gives when it is read. @param answer is given the object that it was read from, and what the real property gives. */
export function replaceReading(
  owner: object,
  property: string,
  called: AmbientFunction,
  answer: (world: AmbientWorld, self: unknown, real: () => unknown) => unknown,
): Replacement | undefined {
  const original = Object.getOwnPropertyDescriptor(owner, property);
  if (original?.configurable !== true) return undefined;
  const realOf = (self: unknown): unknown =>
    original.get === undefined ? original.value : Reflect.apply(original.get, self, []);
  const get = function (this: unknown): unknown {
    if (watch === undefined || !watch.judges(called)) return realOf(this);
    return answer(watch.world, this, () => realOf(this));
  };
  return {
    owner,
    property,
    original,
    guarded: {
      configurable: true,
      enumerable: original.enumerable ?? false,
      get,
      ...(original.set === undefined ? {} : { set: original.set }),
    },
  };
}
