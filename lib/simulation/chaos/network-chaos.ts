import type { ConnectionTimes } from '../network/connection-times';
import type { LatencyRange } from '../network/latency-rule';
import type { RollSequence } from '../random/keyed-rolls';
import type { Swarm } from './swarm';

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

/** How the network behaves, with all figures. */
export interface NetworkChaos {
  readonly delivery: LatencyRange;
  /** How often data arrives in pieces. */
  readonly splitProbability: number;
  readonly connections: ConnectionTimes;
  readonly cuts: CutFaults;
  readonly partitions: PartitionFaults;
}

const NO_CUTS: CutFaults = { probability: 0, cooldownMs: 0 };
const NO_PARTITIONS: PartitionFaults = { probability: 0, minMs: 0, maxMs: 0 };

/** Everything takes the time that it takes in a sound network. */
export const CALM_NETWORK: NetworkChaos = {
  delivery: { lowMs: 0.1, highMs: 0.6 },
  splitProbability: 0.02,
  connections: { bindMs: [0.05, 0.15], acceptMs: [1, 6], connectMs: [1, 11], connectLimitMs: 3_000 },
  cuts: NO_CUTS,
  partitions: NO_PARTITIONS,
};

/** The faults of `default`. */
export const DEFAULT_NETWORK: NetworkChaos = {
  ...CALM_NETWORK,
  cuts: { probability: 0.000_1, cooldownMs: 5_000 },
  partitions: { probability: 0.02, minMs: 100, maxMs: 1_000 },
};

/** The faults of a seed under `hostile`. */
export function drawNetwork(swarm: Swarm): NetworkChaos {
  return {
    delivery: swarm.always('delivery', drawDelivery),
    splitProbability: swarm.always('split', (rolls) => rolls.between(0, 0.2)),
    connections: swarm.always('connections', drawConnections),
    cuts: swarm.perhaps('cuts', (rolls) => ({ probability: rolls.between(0.000_1, 0.01), cooldownMs: rolls.between(1_000, 10_000) }), NO_CUTS),
    partitions: swarm.perhaps('partitions', (rolls) => ({ probability: rolls.between(0.02, 0.14), minMs: 100, maxMs: 3_000 }), NO_PARTITIONS),
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
