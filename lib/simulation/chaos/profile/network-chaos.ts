import type { PartitionFaults } from '../disturbances/partitions';
import type { ConnectFaults } from '../../network/rules/connect-fault-rule';
import type { ConnectionTimes } from '../../network/connection-times';
import {
  type LatencyRange,
  type LatencyShape,
  LOCALITY_LATENCIES,
  type LocalityLatencies,
} from '../../network/latency/latency-shape';
import type { CloseFaults } from '../../network/rules/random-close-rule';
import type { ClogFaults } from '../../network/rules/random-clog-rule';
import type { ShortTransferFaults } from '../../network/rules/short-transfer-rule';
import type { TemporaryCutFaults } from '../../network/rules/temporary-cut-rule';
import type { VanishingFaults } from '../../network/rules/vanishing-rule';
import type { RollSequence } from '../../random/keyed-rolls';
import type { Swarm } from './swarm';

/** How the network behaves, with all figures: one field for each family of faults. */
export interface NetworkChaos {
  readonly delivery: LatencyRange;
  readonly connections: ConnectionTimes;
  /** The distance of a pair of hosts, fixed when they first meet; 0 to 0 for none. */
  readonly pairLatency: { readonly minMs: number; readonly maxMs: number };
  readonly localityLatency: LocalityLatencies;
  readonly clogs: ClogFaults;
  readonly partitions: PartitionFaults;
  readonly temporaryCuts: TemporaryCutFaults;
  readonly losses: { readonly probability: number };
  readonly shortTransfers: ShortTransferFaults;
  readonly bitFlips: { readonly probability: number };
  readonly closes: CloseFaults;
  readonly vanishing: VanishingFaults;
  readonly connects: ConnectFaults;
}

const NONE = { probability: 0 };
const NEVER = { probability: 0, minMs: 0, maxMs: 0 };

/** Everything takes the time that it takes in a sound network. */
export const CALM_NETWORK: NetworkChaos = {
  delivery: { lowMs: 0.1, highMs: 0.6 },
  connections: { bindMs: [0.05, 0.15], acceptMs: [1, 6], connectMs: [1, 11], connectLimitMs: 3_000 },
  pairLatency: { minMs: 0, maxMs: 0 },
  localityLatency: { ...LOCALITY_LATENCIES, isOn: false },
  clogs: NEVER,
  partitions: NEVER,
  temporaryCuts: NEVER,
  losses: NONE,
  shortTransfers: { probability: 0, keepBytes: 0 },
  bitFlips: NONE,
  closes: { probability: 0, cooldownMs: 0 },
  vanishing: { halfOpenProbability: 0, blackHoleProbability: 0, minResetMs: 0, maxResetMs: 0 },
  connects: { refusedProbability: 0, hangsProbability: 0 },
};

/** The faults of `default`. */
export const DEFAULT_NETWORK_CHAOS: NetworkChaos = {
  ...CALM_NETWORK,
  clogs: { probability: 0, minMs: 100, maxMs: 300 },
  shortTransfers: { probability: 0.25, keepBytes: 1_000 },
  bitFlips: { probability: 0.000_1 },
  closes: { probability: 0.000_01, cooldownMs: 5_000 },
  connects: { refusedProbability: 0.125, hangsProbability: 0.125 },
};

/** The faults of a seed under `hostile`. */
export function drawNetwork(swarm: Swarm): NetworkChaos {
  const calm = CALM_NETWORK;
  return {
    delivery: swarm.always('delivery', drawDelivery),
    connections: swarm.always('connections', drawConnections),
    pairLatency: swarm.perhaps('pairLatency', () => ({ minMs: 0, maxMs: 99 }), calm.pairLatency),
    localityLatency: swarm.perhaps('localityLatency', () => LOCALITY_LATENCIES, calm.localityLatency),
    clogs: swarm.perhaps(
      'clogs',
      (rolls) => ({ probability: rolls.between(0, 0.19), minMs: 50, maxMs: 500 }),
      calm.clogs,
    ),
    partitions: swarm.perhaps(
      'partitions',
      (rolls) => ({ probability: rolls.between(0, 0.14), minMs: 100, maxMs: 3_000 }),
      calm.partitions,
    ),
    temporaryCuts: swarm.perhaps(
      'temporaryCuts',
      (rolls) => ({ probability: rolls.between(0, 0.01), minMs: 100, maxMs: 2_000 }),
      calm.temporaryCuts,
    ),
    losses: swarm.perhaps('losses', (rolls) => ({ probability: rolls.between(0, 0.01) }), calm.losses),
    shortTransfers: swarm.perhaps(
      'shortTransfers',
      (rolls) => ({ probability: 0.25, keepBytes: 100 + rolls.below(1_901) }),
      calm.shortTransfers,
    ),
    bitFlips: swarm.perhaps('bitFlips', (rolls) => ({ probability: rolls.between(0.000_01, 0.000_2) }), calm.bitFlips),
    closes: swarm.perhaps(
      'closes',
      (rolls) => ({ probability: rolls.between(0.000_001, 0.000_1), cooldownMs: rolls.between(1_000, 10_000) }),
      calm.closes,
    ),
    vanishing: swarm.perhaps('vanishing', drawVanishing, calm.vanishing),
    connects: swarm.perhaps('connects', drawConnects, calm.connects),
  };
}

const SHAPES: readonly LatencyShape[] = ['uniform', 'exponential', 'two-mode'];

function drawDelivery(rolls: RollSequence): LatencyRange {
  const lowMs = rolls.between(0.05, 0.2);
  const highMs = rolls.between(lowMs, 2);
  return {
    lowMs,
    highMs,
    shape: rolls.pick(SHAPES),
    slowProbability: rolls.between(0.001, 0.009),
    slowFactor: rolls.between(1, 10),
  };
}

function drawConnections(rolls: RollSequence): ConnectionTimes {
  return {
    bindMs: [0.01, 0.3],
    acceptMs: [1, rolls.between(1, 15)],
    connectMs: [1, rolls.between(1, 100)],
    connectLimitMs: 3_000,
  };
}

function drawVanishing(rolls: RollSequence): VanishingFaults {
  return {
    halfOpenProbability: rolls.between(0, 0.000_1),
    blackHoleProbability: rolls.between(0, 0.000_1),
    minResetMs: 100,
    maxResetMs: 10_000,
  };
}

function drawConnects(rolls: RollSequence): ConnectFaults {
  return rolls.chance(0.5)
    ? { refusedProbability: 0.25, hangsProbability: 0 }
    : { refusedProbability: 0.125, hangsProbability: 0.125 };
}
