import * as buffer from 'node:buffer';
import * as perfHooks from 'node:perf_hooks';
import type { AmbientFunction } from '../ambient/ambient-access';
import { plain } from '../ambient/builtin-owner';
import {
  guardedFunction,
  presentWatch,
  replaceProperty,
  replaceReading,
  type AnyFunction,
  type Asks,
  type Replacement,
} from '../ambient/replacement';

const wall = (name: string): AmbientFunction => ({
  name,
  kind: 'answered',
  remedy: 'give it a time: ask context.time.wallClock() in an actor, cluster.now in a test',
});
const monotonic = (name: string): AmbientFunction => ({
  name,
  kind: 'answered',
  remedy: 'ask context.time.now() in an actor, cluster.now in a test',
});

const IDLE = { idle: 0, active: 0, utilization: 0 };

/** What tells the time though it is not asked for it: formats without a date, events, files, and the timeline of the process. */
export function momentReplacements(): readonly (Replacement | undefined)[] {
  return [...formatReplacements(), ...stampReplacements(), ...timelineReplacements()];
}

function formatReplacements(): readonly (Replacement | undefined)[] {
  const { prototype } = Intl.DateTimeFormat;
  const noDate: Asks = ([date]) => date === undefined;
  const functions = new WeakMap<object, AnyFunction>();
  const original = Object.getOwnPropertyDescriptor(prototype, 'format');
  const get = function (this: Intl.DateTimeFormat): AnyFunction {
    let guarded = functions.get(this);
    if (guarded === undefined) {
      const real = Reflect.apply(original?.get as () => AnyFunction, this, []);
      guarded = guardedFunction(
        wall('Intl.DateTimeFormat.format'),
        real,
        (world) => Reflect.apply(real, undefined, [world.wallMs()] as never[]),
        noDate,
      );
      functions.set(this, guarded);
    }
    return guarded;
  };
  return [
    original?.get === undefined
      ? undefined
      : { owner: prototype, property: 'format', original, guarded: { ...original, get } },
    replaceProperty(prototype, 'formatToParts', (real) =>
      guardedFunction(
        wall('Intl.DateTimeFormat.formatToParts'),
        real,
        (world, _, self) => Reflect.apply(real, self, [world.wallMs()] as never[]),
        noDate,
      ),
    ),
  ];
}

function stampReplacements(): readonly (Replacement | undefined)[] {
  const stamps = new WeakMap<object, number>();
  const noTime: Asks = ([, , options]) =>
    (options as { readonly lastModified?: unknown } | undefined)?.lastModified === undefined;
  const file = (owner: object): Replacement | undefined =>
    replaceProperty(owner, 'File', (real) =>
      guardedFunction(
        wall('new File()'),
        real,
        (world, [parts, name, options], target) =>
          Reflect.construct(
            real,
            [parts, name, { ...(options as object), lastModified: Math.floor(world.wallMs()) }],
            target as AnyFunction,
          ),
        noTime,
      ),
    );
  return [
    // When it was made is not known here; when it was asked first is as good, and stays.
    replaceReading(Event.prototype, 'timeStamp', monotonic('Event.timeStamp'), (world, event) => {
      const stamp = stamps.get(event as object) ?? world.monotonicMs();
      stamps.set(event as object, stamp);
      return stamp;
    }),
    file(globalThis),
    file(plain(buffer)),
  ];
}

function timelineReplacements(): readonly (Replacement | undefined)[] {
  const timeline = Object.getPrototypeOf(performance) as object;
  const realMark = (
    perfHooks as unknown as { readonly PerformanceMark: new (name: unknown, options: object) => object }
  ).PerformanceMark;
  const noStart: Asks = ([, options]) =>
    (options as { readonly startTime?: unknown } | undefined)?.startTime === undefined;
  const started = (options: unknown): { readonly startTime: number } => ({
    ...(options as object),
    startTime: presentWatch()?.world.monotonicMs() ?? 0,
  });
  const mark = (owner: object): Replacement | undefined =>
    replaceProperty(owner, 'PerformanceMark', (real) =>
      guardedFunction(
        monotonic('new PerformanceMark()'),
        real,
        (_, [name, options], target) => Reflect.construct(real, [name, started(options)], target as AnyFunction),
        noStart,
      ),
    );
  const replace = (property: string, answer: Parameters<typeof guardedFunction>[2]): Replacement | undefined =>
    replaceProperty(timeline, property, (real) => guardedFunction(monotonic(`performance.${property}`), real, answer));
  return [
    mark(globalThis),
    mark(plain(perfHooks)),
    // It is made and handed over, and not kept: the timeline of the process outlives the run.
    replace('mark', (_, [name, options]) => new realMark(name, { ...started(options), ...(options as object) })),
    replace('eventLoopUtilization', () => ({ ...IDLE })),
    replaceProperty(plain(perfHooks), 'eventLoopUtilization', (real) =>
      guardedFunction(monotonic('perf_hooks.eventLoopUtilization'), real, () => ({ ...IDLE })),
    ),
    replace('toJSON', (world) => ({
      timeOrigin: world.wallMs() - world.monotonicMs(),
      eventLoopUtilization: { ...IDLE },
    })),
    ...['getEntries', 'getEntriesByName', 'getEntriesByType'].map((property) => replace(property, () => [])),
    replaceReading(
      timeline,
      'timeOrigin',
      wall('performance.timeOrigin'),
      (world) => world.wallMs() - world.monotonicMs(),
    ),
    replaceReading(timeline, 'nodeTiming', monotonic('performance.nodeTiming'), () => ({})),
  ];
}
