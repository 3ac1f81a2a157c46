import type { Distance } from '../../topology/locality';
import type { RandomProvider } from '../../../providers/random-provider';

/**
 * How delays spread over their range. `uniform`: evenly. `exponential`: most are short, few are long; the range holds
 * about 19 of 20, and none is longer than four times the range. `two-mode`: evenly, but some take many times as long.
 */
export type LatencyShape = 'uniform' | 'exponential' | 'two-mode';

/** How long a transfer takes, in milliseconds. */
export interface LatencyRange {
  readonly lowMs: number;
  readonly highMs: number;
  /** Default: `uniform`. */
  readonly shape?: LatencyShape;
  /** How often a transfer of the shape `two-mode` takes longer. Default: 0. */
  readonly slowProbability?: number;
  /** How many times longer, at most. Default: 10. */
  readonly slowFactor?: number;
}

/** The range holds three means of an exponential delay: 95 % of all. */
const MEANS_IN_RANGE = 3;
const LONGEST_IN_RANGES = 4;

/** A number from the exponential distribution with mean 1. By basic arithmetic alone, so that all versions of Node agree on it. */
export function exponential(random: RandomProvider): number {
  // x is a power of two and a mantissa from 1 to 2; the series of its logarithm is exact to four digits with three terms.
  const word = Math.max(1, random.uint32());
  const shift = Math.clz32(word);
  const mantissa = ((word << shift) >>> 0) / 0x8000_0000;
  const s = (mantissa - 1) / (mantissa + 1);
  const square = s * s;
  const logarithm = 2 * s * (1 + square / 3 + (square * square) / 5);
  return (shift + 1) * Math.LN2 - logarithm;
}

/** A delay of the range, by its shape, but for the slow ones of `two-mode`. */
export function delayWithin({ lowMs, highMs, shape }: LatencyRange, random: RandomProvider): number {
  const widthMs = highMs - lowMs;
  if (shape !== 'exponential') return widthMs === 0 ? lowMs : lowMs + random.fraction() * widthMs;
  return lowMs + Math.min(LONGEST_IN_RANGES, exponential(random) / MEANS_IN_RANGE) * widthMs;
}

/** How long a delivery takes by distance, between hosts whose localities are known. Off, distance does not matter. */
export interface LocalityLatencies extends Readonly<Record<Distance, LatencyRange>> {
  readonly isOn: boolean;
}

/** Between processes of one machine, machines of one zone, zones of one datacenter, and datacenters. */
export const LOCALITY_LATENCIES: LocalityLatencies = {
  isOn: true,
  machine: { lowMs: 0.01, highMs: 0.05 },
  zone: { lowMs: 0.1, highMs: 0.5 },
  datacenter: { lowMs: 0.5, highMs: 2 },
  across: { lowMs: 20, highMs: 80 },
};
