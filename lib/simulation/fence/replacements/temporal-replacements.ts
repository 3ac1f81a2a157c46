import type { AmbientFunction } from '../ambient/ambient-access';
import { guardedFunction, replaceProperty, type Replacement } from '../ambient/replacement';
import type { AmbientWorld } from '../ambient/ambient-world';

const NANOSECONDS = 1_000_000;

/** As much of `Temporal` as is needed here: our types know Node.js 20, which has none of it. */
interface ZonedMoment {
  toPlainDateTime(): object;
  toPlainDate(): object;
  toPlainTime(): object;
}
interface Moment {
  toZonedDateTimeISO(timeZone: unknown): ZonedMoment;
}
interface TemporalNamespace {
  readonly Now: { timeZoneId(): string };
  readonly Instant: { fromEpochNanoseconds(nanoseconds: bigint): Moment };
}

/** The functions of `Temporal.Now`, where this version of Node.js has them. The time zone is that of the machine, as it is for dates. */
export function temporalReplacements(): readonly (Replacement | undefined)[] {
  const temporal = Reflect.get(globalThis, 'Temporal') as TemporalNamespace | undefined;
  if (temporal === undefined) return [];
  const { Now, Instant } = temporal;
  const instant = (world: AmbientWorld): Moment => Instant.fromEpochNanoseconds(nanosecondsOf(world.wallMs()));
  const zoned = (world: AmbientWorld, [timeZone]: readonly unknown[]): ZonedMoment =>
    instant(world).toZonedDateTimeISO(timeZone ?? Now.timeZoneId());
  const replace = (
    property: string,
    answer: (world: AmbientWorld, args: readonly unknown[]) => object,
  ): Replacement | undefined => {
    const called: AmbientFunction = {
      name: `Temporal.Now.${property}`,
      kind: 'answered',
      remedy: 'make it of context.time.wallClock() in an actor, of cluster.now in a test',
    };
    return replaceProperty(Now, property, (real) => guardedFunction(called, real, answer));
  };
  return [
    replace('instant', instant),
    replace('zonedDateTimeISO', zoned),
    replace('plainDateTimeISO', (world, args) => zoned(world, args).toPlainDateTime()),
    replace('plainDateISO', (world, args) => zoned(world, args).toPlainDate()),
    replace('plainTimeISO', (world, args) => zoned(world, args).toPlainTime()),
  ];
}

/** Milliseconds with their fraction, which a number of nanoseconds would be too large for. */
function nanosecondsOf(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * BigInt(NANOSECONDS) + BigInt(Math.floor((ms - whole) * NANOSECONDS));
}
