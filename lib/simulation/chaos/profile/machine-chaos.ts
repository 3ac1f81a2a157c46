import type { ClockRange, ClockStepFaults, SleepFaults } from '../../providers/clock-faults';
import type { RollSequence } from '../../random/keyed-rolls';
import type { DeviceErrors, DeviceFigures, DeviceStalls } from '../../disks/device-figures';
import type { DiskChaos } from '../../disks/simulated-disk';
import { CALM_STORE, type StoreFaults } from '../../cluster-store/store-faults';
import type { AttritionFaults } from '../disturbances/attrition';
import type { CallCrashFaults } from '../disturbances/call-crashes';
import type { PauseFaults } from '../disturbances/pauses';
import type { Swarm } from './swarm';

/** How machines and the store behave, with all figures: one field for each family of faults. */
export interface MachineChaos extends DiskChaos {
  readonly clocks: ClockRange;
  readonly clockSteps: ClockStepFaults;
  readonly sleeps: SleepFaults;
  readonly pauses: PauseFaults;
  readonly attrition: AttritionFaults;
  readonly callCrashes: CallCrashFaults;
  readonly store: StoreFaults;
}

const NO_ATTRITION: AttritionFaults = {
  minIntervalMs: 1_000,
  maxIntervalMs: 5_000,
  probability: 0,
  minDownMs: 0,
  maxDownMs: 0,
  gracefulWeight: 0.3,
  crashWeight: 0.5,
  wipeWeight: 0.2,
};

/** Everything takes the time that it takes on sound machines. */
export const CALM_MACHINES: MachineChaos = {
  device: {
    readMs: [0.05, 0.2],
    writeMs: [0.1, 0.5],
    syncMs: [1, 5],
    operationsPerSecond: 25_000,
    bytesPerSecond: 150_000_000,
  },
  deviceErrors: { readProbability: 0, writeProbability: 0, syncProbability: 0 },
  deviceStalls: {
    stallProbability: 0,
    minStallMs: 50,
    maxStallMs: 500,
    throttleProbability: 0,
    minThrottleMs: 500,
    maxThrottleMs: 5_000,
    minDivisor: 2,
    maxDivisor: 19,
  },
  // Not a fault that comes by chance: it is what becomes of unsynced writes whenever a machine loses its power.
  deviceCrashes: {
    cleanProbability: 0.1,
    lostProbability: 0.1,
    rollbackProbability: 0.25,
    rollbackSectors: 8,
    latentFaultProbability: 0.05,
  },
  clocks: { wallOffsetMs: 100, wallDriftMs: 0, rateDeviation: 0 },
  clockSteps: { probability: 0, minMs: 0, maxMs: 0 },
  sleeps: { probability: 0, maxMs: 0 },
  pauses: { probability: 0, minMs: 0, maxMs: 0 },
  attrition: NO_ATTRITION,
  callCrashes: { probability: 0, minDownMs: 0, maxDownMs: 0 },
  store: CALM_STORE,
};

/** The faults of `default`. */
export const DEFAULT_MACHINES: MachineChaos = {
  ...CALM_MACHINES,
  clocks: { wallOffsetMs: 100, wallDriftMs: 100, rateDeviation: 0 },
  sleeps: { probability: 0.25, maxMs: 100 },
  attrition: { ...NO_ATTRITION, probability: 0.2, minDownMs: 1_000, maxDownMs: 5_000 },
  store: {
    ...CALM_STORE,
    slowProbability: 0.005,
    slowMinMs: 200,
    slowMaxMs: 2_000,
    sessionLostProbability: 0.02,
    restartProbability: 0.005,
  },
};

/** The faults of a seed under `hostile`. */
export function drawMachines(swarm: Swarm): MachineChaos {
  const calm = CALM_MACHINES;
  return {
    device: swarm.always('device', drawDevice),
    deviceErrors: swarm.perhaps('deviceErrors', drawDeviceErrors, calm.deviceErrors),
    deviceStalls: swarm.perhaps('deviceStalls', drawDeviceStalls, calm.deviceStalls),
    deviceCrashes: calm.deviceCrashes,
    clocks: swarm.perhaps('clocks', drawClocks, calm.clocks),
    clockSteps: swarm.perhaps(
      'clockSteps',
      (rolls) => ({ probability: rolls.between(0, 0.05), minMs: 1, maxMs: 3_600_000 }),
      calm.clockSteps,
    ),
    sleeps: swarm.perhaps('sleeps', (rolls) => ({ probability: 0.25, maxMs: rolls.between(50, 149) }), calm.sleeps),
    pauses: swarm.perhaps(
      'pauses',
      (rolls) => ({ probability: rolls.between(0, 0.001), minMs: 10, maxMs: 30_000 }),
      calm.pauses,
    ),
    attrition: swarm.perhaps('attrition', drawAttrition, NO_ATTRITION),
    callCrashes: swarm.perhaps(
      'callCrashes',
      (rolls) => ({ probability: rolls.between(0, 0.000_1), minDownMs: 1_000, maxDownMs: 10_000 }),
      calm.callCrashes,
    ),
    store: swarm.perhaps('store', drawStore, CALM_STORE),
  };
}

function drawDevice(rolls: RollSequence): DeviceFigures {
  return {
    readMs: [0.02, 0.5],
    writeMs: [0.05, 1],
    syncMs: [0.5, 10],
    operationsPerSecond: rolls.between(100, 100_000),
    bytesPerSecond: rolls.between(1_000_000, 500_000_000),
  };
}

function drawDeviceErrors(rolls: RollSequence): DeviceErrors {
  return {
    readProbability: rolls.between(0, 0.001),
    writeProbability: rolls.between(0, 0.001),
    syncProbability: rolls.between(0, 0.000_5),
  };
}

function drawDeviceStalls(rolls: RollSequence): DeviceStalls {
  return {
    ...CALM_MACHINES.deviceStalls,
    stallProbability: rolls.between(0, 0.001),
    throttleProbability: rolls.between(0, 0.001),
  };
}

/** Rates half as far from 1 as two clocks may part: leases reckon with 1 in 1,000 between any two. */
function drawClocks(rolls: RollSequence): ClockRange {
  return { wallOffsetMs: rolls.between(50, 149), wallDriftMs: rolls.between(50, 149), rateDeviation: 0.000_5 };
}

function drawAttrition(rolls: RollSequence): AttritionFaults {
  return { ...NO_ATTRITION, probability: rolls.between(0.2, 0.8), minDownMs: 1_000, maxDownMs: 10_000 };
}

function drawStore(rolls: RollSequence): StoreFaults {
  return {
    ...CALM_STORE,
    slowProbability: rolls.between(0, 0.02),
    slowMinMs: 500,
    slowMaxMs: 8_000,
    lateAnswerProbability: rolls.between(0, 0.02),
    unavailableProbability: rolls.chance(0.5) ? rolls.between(0, 0.02) : 0,
    answerLostProbability: rolls.chance(0.5) ? rolls.between(0, 0.02) : 0,
    sessionLostProbability: rolls.between(0, 0.1),
    restartProbability: rolls.between(0, 0.02),
    answerTimeoutMs: 2_000,
  };
}
