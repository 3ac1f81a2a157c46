import type { ByteReader } from '../serialization/byte-reader';
import type { ByteWriter } from '../serialization/byte-writer';
import { lastByCron, nextByCron } from './cron-pattern';

/** When a reminder is due. */
export type Schedule =
  | { readonly kind: 'once' }
  | { readonly kind: 'every'; readonly everyMs: number }
  | { readonly kind: 'cron'; readonly pattern: string; readonly timeZone: string };

/** A due time, and how many there were before it since another one. */
export interface Occurrence {
  readonly dueAt: number;
  readonly missed: number;
}

/** How many due times of a pattern are counted: each takes a while to compute. */
const MAX_COUNTED = 200;

/** When it is due after that moment, in milliseconds since 1970; undefined: never again. */
export function nextDue(schedule: Schedule, after: number): number | undefined {
  switch (schedule.kind) {
    case 'once':
      return undefined;
    case 'every':
      return after + schedule.everyMs;
    case 'cron':
      return nextByCron(schedule, after);
  }
}

/** The latest due time that is not later than now, of those from the given one on, and how many are passed over by that. */
export function latestDue(schedule: Schedule, dueAt: number, now: number): Occurrence {
  if (schedule.kind === 'once' || now < dueAt) return { dueAt, missed: 0 };
  if (schedule.kind === 'every') {
    const missed = Math.floor((now - dueAt) / schedule.everyMs);
    return { dueAt: dueAt + missed * schedule.everyMs, missed };
  }
  let latest = { dueAt, missed: 0 };
  for (let next = nextDue(schedule, dueAt); next !== undefined && next <= now; next = nextDue(schedule, next)) {
    latest = { dueAt: next, missed: latest.missed + 1 };
    // There may be thousands more: whoever was away for long gets the last one, and no burst of all of them.
    if (latest.missed === MAX_COUNTED) return { ...latest, dueAt: lastByCron(schedule, now) ?? next };
  }
  return latest;
}

const KINDS = ['once', 'every', 'cron'] as const;

/** As fields of a record: kind u8 | period f64, or pattern u8, text, zone u8, text */
export function writeSchedule(schedule: Schedule, into: ByteWriter): void {
  into.uint8(KINDS.indexOf(schedule.kind));
  if (schedule.kind === 'every') into.float64(schedule.everyMs);
  if (schedule.kind === 'cron') {
    into.shortText(schedule.pattern);
    into.shortText(schedule.timeZone);
  }
}

export function readSchedule(from: ByteReader): Schedule {
  const code = from.uint8();
  const kind = KINDS[code];
  if (kind === undefined) throw new Error(`it has a schedule of the unknown kind ${code}`);
  if (kind === 'once') return { kind };
  if (kind === 'cron') return { kind, pattern: from.shortText(), timeZone: from.shortText() };
  const everyMs = from.float64();
  if (!(everyMs > 0)) throw new Error(`it has the period ${everyMs}`);
  return { kind, everyMs };
}
