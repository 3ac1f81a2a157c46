import type { ByteWriter } from './byte-writer';
import { kindOf } from './carried-object';
import { MAX_DEPTH } from './value-limits';

/**
 * How many bytes any serializer needs for the value, at least: it is looked at and not written, which is many times cheaper.
 * @param enough counting stops beyond so many. @param counted before it. @returns the sum.
 */
export function leastSize(value: unknown, enough: number, counted = 0, depth = 0): number {
  if (typeof value === 'string') return counted + value.length;
  if (typeof value !== 'object' || value === null || counted > enough || depth > MAX_DEPTH) return counted + 1;
  if (Array.isArray(value)) return leastOfList(value, enough, counted + 1, depth + 1);
  if (ArrayBuffer.isView(value)) return counted + value.byteLength;
  switch (kindOf(value)) {
    case 'record':
      return leastOfRecord(value as Readonly<Record<string, unknown>>, enough, counted + 1, depth + 1);
    case 'set':
      return leastOfList([...(value as ReadonlySet<unknown>)], enough, counted + 1, depth + 1);
    case 'map':
      return leastOfList([...(value as ReadonlyMap<unknown, unknown>)].flat(), enough, counted + 1, depth + 1);
    case 'array buffer':
      return counted + (value as ArrayBuffer).byteLength;
    default:
      return counted + 1;
  }
}

function leastOfList(list: readonly unknown[], enough: number, counted: number, depth: number): number {
  let sum = counted;
  for (let index = 0; index < list.length && sum <= enough; index++) sum = leastSize(list[index], enough, sum, depth);
  return sum;
}

function leastOfRecord(
  record: Readonly<Record<string, unknown>>,
  enough: number,
  counted: number,
  depth: number,
): number {
  let sum = counted;
  for (const key of Object.keys(record)) {
    sum = leastSize(record[key], enough, sum + key.length, depth);
    if (sum > enough) break;
  }
  return sum;
}

/** Refuses a value that cannot have room, before it is encoded: that may take seconds, in which nothing else happens. @throws MoonpoolError PACKET_TOO_LARGE */
export function checkRoom(value: unknown, into: ByteWriter): void {
  const { room } = into;
  if (room !== Number.POSITIVE_INFINITY && typeof value === 'object') into.expect(leastSize(value, room));
}
