import type { KeyedRandom, KeyedRolls } from '../random/keyed-random';
import type { DeliveryLatency } from '../network/latency-rule';
import type { ConnectLatency } from '../network/network-fabric';
import { CALM_STORE, type StoreFaults } from '../store/store-faults';

/** How hard a simulation is on the cluster: no faults, some, or values that each seed draws anew from wide ranges. */
export type ChaosLevel = 'calm' | 'default' | 'hostile';

/** Partitions: rolled each second. */
export interface PartitionFaults {
  readonly probability: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** Crashes and restarts of nodes. Times are in milliseconds. */
export interface AttritionFaults {
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  /** How likely a crash is at each check. */
  readonly probability: number;
  readonly minDownMs: number;
  readonly maxDownMs: number;
}

/** All faults of a run, with their figures. Probabilities are 0 to 1. */
export interface ChaosProfile {
  readonly delivery: DeliveryLatency;
  readonly connect: ConnectLatency;
  readonly splitProbability: number;
  readonly cutProbability: number;
  readonly partition: PartitionFaults;
  readonly attrition: AttritionFaults;
  readonly store: StoreFaults;
}

const NO_PARTITIONS: PartitionFaults = { probability: 0, minMs: 0, maxMs: 0 };
const NO_ATTRITION: AttritionFaults = { minIntervalMs: 1_000, maxIntervalMs: 5_000, probability: 0, minDownMs: 0, maxDownMs: 0 };

const CALM: ChaosProfile = {
  delivery: { minMs: 0.1, maxMs: 0.6, slowShare: 0, slowFactor: 1 },
  connect: { connectMinMs: 1, connectMaxMs: 11, connectTimeoutMs: 3_000 },
  splitProbability: 0.02,
  cutProbability: 0,
  partition: NO_PARTITIONS,
  attrition: NO_ATTRITION,
  store: CALM_STORE,
};

const DEFAULT: ChaosProfile = {
  ...CALM,
  cutProbability: 0.000_1,
  partition: { probability: 0.02, minMs: 100, maxMs: 1_000 },
  attrition: { ...NO_ATTRITION, probability: 0.2, minDownMs: 1_000, maxDownMs: 5_000 },
  store: { ...CALM_STORE, slowProbability: 0.005, slowMinMs: 200, slowMaxMs: 2_000 },
};

/** The faults of a seed. Under `hostile` each family of faults is also switched on or off with even odds. */
export function drawChaos(level: ChaosLevel, random: KeyedRandom): ChaosProfile {
  if (level !== 'hostile') return level === 'calm' ? CALM : DEFAULT;
  const rolls = random.rolls('chaos');
  const isOn = () => rolls.happens(0.5);
  return {
    delivery: drawDelivery(rolls),
    connect: { connectMinMs: 1, connectMaxMs: rolls.between(2, 100), connectTimeoutMs: 3_000 },
    splitProbability: rolls.between(0, 0.2),
    cutProbability: isOn() ? rolls.between(0.000_1, 0.01) : 0,
    partition: isOn() ? { probability: rolls.between(0.02, 0.14), minMs: 100, maxMs: 3_000 } : NO_PARTITIONS,
    attrition: isOn() || isOn() ? drawAttrition(rolls) : NO_ATTRITION,
    store: isOn() || isOn() ? drawStore(rolls) : CALM_STORE,
  };
}

function drawDelivery(rolls: KeyedRolls): DeliveryLatency {
  const minMs = rolls.between(0.05, 0.2);
  return { minMs, maxMs: minMs + rolls.between(0.1, 2), slowShare: rolls.between(0.001, 0.009), slowFactor: rolls.between(1, 10) };
}

function drawAttrition(rolls: KeyedRolls): AttritionFaults {
  return { minIntervalMs: 1_000, maxIntervalMs: 5_000, probability: rolls.between(0.2, 0.8), minDownMs: 1_000, maxDownMs: 10_000 };
}

function drawStore(rolls: KeyedRolls): StoreFaults {
  return {
    ...CALM_STORE,
    maxMs: rolls.between(2, 20),
    slowProbability: rolls.between(0, 0.03),
    slowMinMs: 200,
    slowMaxMs: rolls.between(500, 8_000),
    unavailableProbability: rolls.happens(0.5) ? rolls.between(0, 0.02) : 0,
    answerLostProbability: rolls.happens(0.5) ? rolls.between(0, 0.02) : 0,
    answerTimeoutMs: 2_000,
  };
}
