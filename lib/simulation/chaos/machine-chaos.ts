import type { ClockRange } from '../providers/simulated-clock';
import type { RollSequence } from '../random/keyed-rolls';
import type { DeviceTimes } from '../storage/simulated-storage-device';
import { CALM_STORE, type StoreFaults } from '../store/store-faults';
import type { Swarm } from './swarm';

/** Crashes and restarts of nodes. */
export interface AttritionFaults {
  readonly minIntervalMs: number;
  readonly maxIntervalMs: number;
  /** How likely a crash is at each check. */
  readonly probability: number;
  readonly minDownMs: number;
  readonly maxDownMs: number;
}

/** How machines and the store behave, with all figures. */
export interface MachineChaos {
  readonly device: DeviceTimes;
  readonly clocks: ClockRange;
  readonly attrition: AttritionFaults;
  readonly store: StoreFaults;
}

const NO_ATTRITION: AttritionFaults = { minIntervalMs: 1_000, maxIntervalMs: 5_000, probability: 0, minDownMs: 0, maxDownMs: 0 };

/** Everything takes the time that it takes on sound machines. */
export const CALM_MACHINES: MachineChaos = {
  device: { readMs: [0.05, 0.2], writeMs: [0.1, 0.5], syncMs: [1, 5] },
  clocks: { wallOffsetMs: 100, rateDeviation: 0 },
  attrition: NO_ATTRITION,
  store: CALM_STORE,
};

/** The faults of `default`. */
export const DEFAULT_MACHINES: MachineChaos = {
  ...CALM_MACHINES,
  attrition: { ...NO_ATTRITION, probability: 0.2, minDownMs: 1_000, maxDownMs: 5_000 },
  store: { ...CALM_STORE, slowProbability: 0.005, slowMinMs: 200, slowMaxMs: 2_000 },
};

/** The faults of a seed under `hostile`. */
export function drawMachines(swarm: Swarm): MachineChaos {
  return {
    device: { readMs: [0.02, 0.5], writeMs: [0.05, 1], syncMs: [0.5, 10] },
    clocks: swarm.perhaps('clocks', (rolls) => ({ wallOffsetMs: rolls.between(50, 149), rateDeviation: 0.000_5 }), CALM_MACHINES.clocks),
    attrition: swarm.perhaps('attrition', drawAttrition, NO_ATTRITION),
    store: swarm.perhaps('store', drawStore, CALM_STORE),
  };
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
