import * as timers from 'node:timers';
import * as promises from 'node:timers/promises';
import { promisify } from 'node:util';
import type { AmbientFunction } from '../ambient/ambient-access';
import type { AmbientWorld } from '../ambient/ambient-world';
import {
  guardedFunction,
  presentWatch,
  replaceProperty,
  type AnyFunction,
  type Replacement,
} from '../ambient/replacement';
import { timerDelayMs, VirtualTimer } from './virtual-timer';

type Answer = (world: AmbientWorld, args: readonly unknown[]) => unknown;

/** Node's own modules as plain objects: the way in which a TypeScript module imports them may be a view of them. */
const timersModule = plain(timers);
const promisesModule = plain(promises);

/** Everything that lets something happen later. */
export function timerReplacements(): readonly (Replacement | undefined)[] {
  const setTimeoutLater: Answer = (world, [callback, delayMs, ...args]) =>
    new VirtualTimer(world, timerDelayMs(delayMs), bound(callback, args));
  const setIntervalLater: Answer = (world, [callback, delayMs, ...args]) => {
    return new VirtualTimer(world, timerDelayMs(delayMs), bound(callback, args), timerDelayMs(delayMs));
  };
  const setImmediateLater: Answer = (world, [callback, ...args]) => new VirtualTimer(world, 0, bound(callback, args));
  const timeoutPromise: Answer = (world, [delayMs, value, options]) =>
    later(world, timerDelayMs(delayMs), value, options);
  const immediatePromise: Answer = (world, [value, options]) => later(world, 0, value, options);
  const scheduler = Object.getPrototypeOf((promises as { scheduler: object }).scheduler) as object;
  return [
    ...[globalThis, timersModule].flatMap((owner) => [
      replaceProperty(owner, 'setTimeout', (real) =>
        promising(guardedFunction(timer('setTimeout'), real, setTimeoutLater), timer('setTimeout'), timeoutPromise),
      ),
      replaceProperty(owner, 'setInterval', (real) => guardedFunction(timer('setInterval'), real, setIntervalLater)),
      replaceProperty(owner, 'setImmediate', (real) =>
        promising(
          guardedFunction(timer('setImmediate'), real, setImmediateLater),
          timer('setImmediate'),
          immediatePromise,
        ),
      ),
      ...['clearTimeout', 'clearInterval', 'clearImmediate'].map((name) => replaceProperty(owner, name, clearing)),
    ]),
    replaceProperty(promisesModule, 'setTimeout', (real) =>
      guardedFunction(timer('timers/promises.setTimeout'), real, timeoutPromise),
    ),
    replaceProperty(promisesModule, 'setImmediate', (real) =>
      guardedFunction(timer('timers/promises.setImmediate'), real, immediatePromise),
    ),
    replaceProperty(promisesModule, 'setInterval', (real) =>
      guardedFunction(timer('timers/promises.setInterval'), real, intervals),
    ),
    replaceProperty(scheduler, 'wait', (real) =>
      guardedFunction(timer('scheduler.wait'), real, (world, [delayMs, options]) =>
        later(world, timerDelayMs(delayMs), undefined, options),
      ),
    ),
    replaceProperty(scheduler, 'yield', (real) =>
      guardedFunction(timer('scheduler.yield'), real, (world) => later(world, 0, undefined, undefined)),
    ),
    replaceProperty(AbortSignal, 'timeout', (real) =>
      guardedFunction(timer('AbortSignal.timeout'), real, timeoutSignal),
    ),
  ];
}

function timer(name: string): AmbientFunction {
  return {
    name,
    kind: 'answered',
    remedy: 'use context.time.sleep() or .schedule() in an actor, cluster.sleep() in a test',
  };
}

function plain(module: object): object {
  return (module as { default?: object }).default ?? module;
}

function bound(callback: unknown, args: readonly unknown[]): () => void {
  if (typeof callback !== 'function') throw new TypeError('The callback of a timer must be a function.');
  return () => void Reflect.apply(callback, undefined, args);
}

/** `promisify(setTimeout)` finds its function on the function itself. */
function promising(guarded: AnyFunction, called: AmbientFunction, answer: Answer): AnyFunction {
  const real: unknown = Reflect.get(guarded, promisify.custom);
  if (typeof real === 'function') {
    Object.defineProperty(guarded, promisify.custom, {
      configurable: true,
      enumerable: true,
      value: guardedFunction(called, real as AnyFunction, answer),
    });
  }
  return guarded;
}

function clearing(real: AnyFunction): AnyFunction {
  return function (this: unknown, ...args: never[]): unknown {
    const [handle] = args as readonly unknown[];
    // A timer that was made before the run may be cleared in it: that asks nothing of the world.
    return handle instanceof VirtualTimer ? void handle.close() : Reflect.apply(real, this, args);
  };
}

function later(world: AmbientWorld, delayMs: number, value: unknown, options: unknown): Promise<unknown> {
  const { signal } = (options ?? {}) as { readonly signal?: AbortSignal };
  return new Promise<unknown>((resolve, reject) => {
    const refuse = (): void =>
      reject(new DOMException('The operation was aborted', { name: 'AbortError', cause: signal?.reason }));
    if (signal?.aborted === true) {
      refuse();
      return;
    }
    const abort = (): void => {
      waiting.cancel();
      refuse();
    };
    const waiting = world.schedule(delayMs, () => {
      signal?.removeEventListener('abort', abort);
      resolve(value);
    });
    signal?.addEventListener('abort', abort, { once: true });
  });
}

async function* intervals(world: AmbientWorld, [delayMs, value, options]: readonly unknown[]): AsyncGenerator<unknown> {
  for (;;) {
    yield await later(world, timerDelayMs(delayMs), value, options);
    // What goes on after its world has ended must not set timers in it.
    if (presentWatch()?.world !== world) return;
  }
}

function timeoutSignal(world: AmbientWorld, [delayMs]: readonly unknown[]): AbortSignal {
  const controller = new AbortController();
  world.schedule(timerDelayMs(delayMs), () =>
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError')),
  );
  return controller.signal;
}
