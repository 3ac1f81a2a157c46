import type { ConnectionTimes } from '../network/connection-times';
import type { LatencyRange } from '../network/latency-rule';
import type { ClockRange } from '../providers/simulated-clock';
import type { KeyedRolls, RollSequence } from '../random/keyed-rolls';
import type { DeviceTimes } from '../storage/simulated-storage-device';
import { CALM_STORE, type StoreFaults } from '../store/store-faults';

/** How hard a simulation is on the cluster: no faults, some, or values that each seed draws anew from wide ranges. */
export type ChaosLevel = 'calm' | 'default' | 'hostile';

/** Connections that break. Times are in milliseconds, probabilities 0 to 1. */
export interface CutFaults {
  /** For each transfer of data. */
  readonly probability: number;
  /** How long nothing breaks after that. */
  readonly cooldownMs: number;
}

/** Partitions: rolled each second. */
export interface PartitionFaults {
  readonly probability: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** Crashes and restarts of nodes. */
export interface AttritionFaults {
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  /** How likely a crash is at each check. */
  readonly probability: number;
  readonly minDownMs: number;
  readonly maxDownMs: number;
}

/** All faults of a run, with their figures. */
export interface ChaosProfile {
  readonly delivery: LatencyRange;
  /** How often data arrives in pieces. */
  readonly splitProbability: number;
  readonly connections: ConnectionTimes;
  readonly device: DeviceTimes;
  readonly clocks: ClockRange;
  readonly cuts: CutFaults;
  readonly partitions: PartitionFaults;
  readonly attrition: AttritionFaults;
  readonly store: StoreFaults;
}

const NO_CUTS: CutFaults = { probability: 0, cooldownMs: 0 };
const NO_PARTITIONS: PartitionFaults = { probability: 0, minMs: 0, maxMs: 0 };
const NO_ATTRITION: AttritionFaults = { minIntervalMs: 1_000, maxIntervalMs: 5_000, probability: 0, minDownMs: 0, maxDownMs: 0 };

/** Everything takes the time that it takes on sound machines. */
export const CALM_PROFILE: ChaosProfile = {
  delivery: { lowMs: 0.1, highMs: 0.6 },
  splitProbability: 0.02,
  connections: { bindMs: [0.05, 0.15], acceptMs: [1, 6], connectMs: [1, 11], connectLimitMs: 3_000 },
  device: { readMs: [0.05, 0.2], writeMs: [0.1, 0.5], syncMs: [1, 5] },
  clocks: { wallOffsetMs: 100, rateDeviation: 0 },
  cuts: NO_CUTS,
  partitions: NO_PARTITIONS,
  attrition: NO_ATTRITION,
  store: CALM_STORE,
};

const DEFAULT_PROFILE: ChaosProfile = {
  ...CALM_PROFILE,
  cuts: { probability: 0.000_1, cooldownMs: 5_000 },
  partitions: { probability: 0.02, minMs: 100, maxMs: 1_000 },
  attrition: { ...NO_ATTRITION, probability: 0.2, minDownMs: 1_000, maxDownMs: 5_000 },
  store: { ...CALM_STORE, slowProbability: 0.005, slowMinMs: 200, slowMaxMs: 2_000 },
};

/** The faults of a seed. Under `hostile` each family of faults is also switched on or off with even odds. */
export function drawChaos(level: ChaosLevel, keyed: KeyedRolls): ChaosProfile {
  if (level !== 'hostile') return level === 'calm' ? CALM_PROFILE : DEFAULT_PROFILE;
  // Each family draws from a sequence of its own, so that a change of one leaves the others of every seed as they are.
  const family = (name: string) => keyed.sequence('chaos', name);
  const swarm = <T>(name: string, on: (rolls: RollSequence) => T, off: T): T => {
    const rolls = family(name);
    return rolls.chance(0.5) ? on(rolls) : off;
  };
  return {
    delivery: drawDelivery(family('delivery')),
    splitProbability: family('split').between(0, 0.2),
    connections: drawConnections(family('connections')),
    device: { readMs: [0.02, 0.5], writeMs: [0.05, 1], syncMs: [0.5, 10] },
    clocks: swarm('clocks', (rolls) => ({ wallOffsetMs: rolls.between(50, 149), rateDeviation: 0.000_5 }), CALM_PROFILE.clocks),
    cuts: swarm('cuts', (rolls) => ({ probability: rolls.between(0.000_1, 0.01), cooldownMs: rolls.between(1_000, 10_000) }), NO_CUTS),
    partitions: swarm('partitions', (rolls) => ({ probability: rolls.between(0.02, 0.14), minMs: 100, maxMs: 3_000 }), NO_PARTITIONS),
    attrition: swarm('attrition', drawAttrition, NO_ATTRITION),
    store: swarm('store', drawStore, CALM_STORE),
  };
}

function drawDelivery(rolls: RollSequence): LatencyRange {
  const lowMs = rolls.between(0.05, 0.2);
  const highMs = lowMs + rolls.between(0.1, 2);
  return { lowMs, highMs, slowProbability: rolls.between(0.001, 0.009), slowFactor: rolls.between(1, 10) };
}

function drawConnections(rolls: RollSequence): ConnectionTimes {
  return { bindMs: [0.01, 0.3], acceptMs: [1, rolls.between(2, 15)], connectMs: [1, rolls.between(2, 100)], connectLimitMs: 3_000 };
}

function drawAttrition(rolls: RollSequence): AttritionFaults {
  return { minIntervalMs: 1_000, maxIntervalMs: 5_000, probability: rolls.between(0.2, 0.8), minDownMs: 1_000, maxDownMs: 10_000 };
}

function drawStore(rolls: RollSequence): StoreFaults {
  return {
    ...CALM_STORE,
    slowProbability: rolls.between(0.01, 0.02),
    slowMinMs: 500,
    slowMaxMs: 8_000,
    unavailableProbability: rolls.chance(0.5) ? rolls.between(0, 0.02) : 0,
    answerLostProbability: rolls.chance(0.5) ? rolls.between(0, 0.02) : 0,
    answerTimeoutMs: 2_000,
  };
}
