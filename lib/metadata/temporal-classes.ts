import type { Constructor } from '../injection/token';

const NAMES = [
  'Instant',
  'ZonedDateTime',
  'PlainDateTime',
  'PlainDate',
  'PlainTime',
  'PlainYearMonth',
  'PlainMonthDay',
  'Duration',
] as const;

/** A class of `Temporal`, without that in front. */
export type TemporalName = (typeof NAMES)[number];

/** The classes of `Temporal` by name: all or, before Node.js 26, none. Our types know none of them, for they are of Node.js 20. */
export const TEMPORAL_CLASSES: ReadonlyMap<TemporalName, Constructor<object>> = new Map(
  NAMES.flatMap((name) => {
    const type = (Reflect.get(globalThis, 'Temporal') as Record<string, Constructor<object>> | undefined)?.[name];
    return type === undefined ? [] : [[name, type] as const];
  }),
);
