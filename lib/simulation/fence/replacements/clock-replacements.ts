import { performance } from 'node:perf_hooks';
import type { AmbientFunction } from '../ambient/ambient-access';
import {
  guardedFunction,
  presentWatch,
  replaceProperty,
  type AnyFunction,
  type Replacement,
} from '../ambient/replacement';

const NANOSECONDS = 1_000_000;
const RealDate = Date;

/** The functions that tell the time. */
export function clockReplacements(): readonly (Replacement | undefined)[] {
  const wall = (name: string): AmbientFunction => ({
    name,
    kind: 'answered',
    remedy: 'ask context.time.wallClock() in an actor, cluster.now in a test',
  });
  const monotonic = (name: string): AmbientFunction => ({
    name,
    kind: 'answered',
    remedy: 'ask context.time.now() in an actor, cluster.now in a test',
  });
  const date = guardedDate(wall('new Date()'));
  return [
    replaceProperty(globalThis, 'Date', () => date),
    replaceProperty(RealDate.prototype, 'constructor', () => date),
    replaceProperty(RealDate, 'now', (real) => guardedFunction(wall('Date.now'), real, (world) => world.wallMs())),
    replaceProperty(Object.getPrototypeOf(performance) as object, 'now', (real) =>
      guardedFunction(monotonic('performance.now'), real, (world) => world.monotonicMs()),
    ),
    replaceProperty(process, 'uptime', (real) =>
      guardedFunction(monotonic('process.uptime'), real, (world) => world.monotonicMs() / 1_000),
    ),
    replaceProperty(process, 'hrtime', (real) => guardedHrtime(real, monotonic)),
  ];
}

/** `process.hrtime` with its `bigint`. */
function guardedHrtime(real: AnyFunction, monotonic: (name: string) => AmbientFunction): AnyFunction {
  const hrtime = guardedFunction(monotonic('process.hrtime'), real, (world, [since]) => {
    const [seconds, nanoseconds] = (since ?? [0, 0]) as [number, number];
    const passed = Math.round(world.monotonicMs() * NANOSECONDS) - (seconds * 1e9 + nanoseconds);
    return [Math.floor(passed / 1e9), passed - Math.floor(passed / 1e9) * 1e9];
  });
  const bigint = guardedFunction(
    monotonic('process.hrtime.bigint'),
    Reflect.get(real, 'bigint') as AnyFunction,
    (world) => {
      return BigInt(Math.round(world.monotonicMs() * NANOSECONDS));
    },
  );
  Object.defineProperty(hrtime, 'bigint', { value: bigint, configurable: true, writable: true, enumerable: true });
  return hrtime;
}

/**
 * The class Date, whose instances are plain dates: made from a number or a text it is data, made from nothing it asks the
 * clock. It shares its prototype with the real class, so `instanceof` holds for dates of both.
 */
function guardedDate(asked: AmbientFunction): typeof RealDate & (() => string) {
  const guarded = function (...args: unknown[]): unknown {
    const watch = presentWatch();
    const isAsked = args.length === 0 || new.target === undefined;
    const known = isAsked && watch?.judges(asked) === true ? [watch.world.wallMs()] : args;
    const target = new.target === guarded ? RealDate : new.target;
    if (target !== undefined) return Reflect.construct(RealDate, known, target);
    return known === args ? RealDate() : new RealDate(known[0] as number).toString();
  };
  Object.setPrototypeOf(guarded, RealDate);
  Object.defineProperty(guarded, 'prototype', { value: RealDate.prototype, writable: false });
  Object.defineProperty(guarded, 'name', { value: 'Date' });
  Object.defineProperty(guarded, 'length', { value: RealDate.length });
  return guarded as unknown as typeof RealDate & (() => string);
}
