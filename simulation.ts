import 'reflect-metadata';
import { installMochaAdapter } from './lib/simulation/runner/mocha-adapter';

export { Invariant } from './decorators/invariant';
export { SimulationTest } from './decorators/simulation-test';
export type { SeedSelection, SimulationOptions } from './lib/metadata/simulation-record';
export type { ClusterView } from './lib/simulation/cluster/cluster-view';
export type { BucketCount, Closeness, Coverage, CoverageCount, CoverageEntries } from './lib/simulation/cluster/coverage';
export type { QuiesceOptions } from './lib/simulation/cluster/quiescence';
export type { SimulatedCluster } from './lib/simulation/cluster/simulated-cluster';
export type { SimulatedNode } from './lib/simulation/cluster/simulated-node';
export type { ClogSide } from './lib/simulation/network/clog-rule';
export type { PartitionShape } from './lib/simulation/network/partition-shape';
export { formatEvent, type TimelineEvent } from './lib/simulation/engine/timeline';
export type { SeedResult } from './lib/simulation/runner/run-seed';
export { runSimulation, type RunSimulationOptions } from './lib/simulation/runner/run-simulation';
export type { SimulationClass } from './lib/simulation/runner/simulation-class';
export type { SimulationReport } from './lib/simulation/runner/simulation-report';

installMochaAdapter();
