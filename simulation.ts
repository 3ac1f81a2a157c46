import 'reflect-metadata';
import { installMochaAdapter } from './lib/simulation/test-runners/mocha-adapter';
import { refuseUndeclared } from './lib/simulation/test-runners/undeclared-simulations';

export { Invariant } from './decorators/invariant';
export { SimulationTest } from './decorators/simulation-test';
export type {
  GridTopology,
  HierarchyTopology,
  InvariantOptions,
  SeedSelection,
  SimulationOptions,
  Topology,
} from './lib/metadata/simulation-record';
export { checkAppendLists, type AppendListOptions } from './lib/simulation/checkers/append-lists/check-append-lists';
export type { ListStep } from './lib/simulation/checkers/append-lists/transaction';
export { checkConservation, type Books, type Posting } from './lib/simulation/checkers/conservation';
export {
  History,
  type BegunOperation,
  type OperationOutcome,
  type OperationRequest,
  type OperationWitness,
  type RecordedOperation,
} from './lib/simulation/checkers/histories/history';
export {
  checkLinearizable,
  type LinearizabilityOptions,
} from './lib/simulation/checkers/linearizability/linearizability';
export type { Model, ModelStep } from './lib/simulation/checkers/linearizability/model';
export { counterModel } from './lib/simulation/checkers/linearizability/models/counter-model';
export {
  registerModel,
  type CompareAndSwap,
  type RegisterValue,
} from './lib/simulation/checkers/linearizability/models/register-model';
export { checkPairOrder } from './lib/simulation/checkers/pair-order';
export { checkSets } from './lib/simulation/checkers/sets';
export { checkSingleActivation, type ActivationSpan } from './lib/simulation/checkers/activation-spans';
export { describeVerdict, requireHolds, type Verdict } from './lib/simulation/checkers/histories/verdict';
export { checkWitnesses, type WitnessOptions } from './lib/simulation/checkers/linearizability/witness-check';
export type { ClusterPlaces } from './lib/simulation/cluster/cluster-places';
export { Invariants, type ModuleInvariant } from './lib/simulation/seed-run/contributed-invariants';
export type { ClusterView } from './lib/simulation/cluster/cluster-view';
export type {
  BucketCount,
  Closeness,
  Coverage,
  CoverageCount,
  CoverageEntries,
} from './lib/simulation/coverage/coverage';
export type { QuiesceOptions } from './lib/simulation/cluster/quiescence';
export type { SimulatedCluster } from './lib/simulation/cluster/simulated-cluster';
export type { SimulatedHost } from './lib/simulation/cluster/simulated-host';
export type { SimulatedRelease } from './lib/simulation/world/simulated-application';
export type { SimulatedNode } from './lib/simulation/world/simulated-node';
export type {
  ClogOptions,
  IsolateNodeOptions,
  IsolateOptions,
  SwizzleOptions,
} from './lib/simulation/cluster/verb-options';
export type { ClogSide } from './lib/simulation/network/transfers/network-link';
export type { PartitionShape } from './lib/simulation/network/partitions/partition-shape';
export {
  formatAccess,
  type AccessKind,
  type AmbientAccess,
  type AmbientFunction,
} from './lib/simulation/fence/ambient/ambient-access';
export type { Locality } from './lib/simulation/topology/locality';
export type { TimelineEventName } from './lib/simulation/timeline/event-names';
export type { TimelineEvent } from './lib/simulation/timeline/timeline';
export { formatEvent } from './lib/simulation/chaos/fault-table/fault-table';
export type { WorkloadSource } from './lib/simulation/node-runner/node-order';
export { runOnNodes, type NodesReport, type RunOnNodesOptions } from './lib/simulation/node-runner/run-on-nodes';
export { describeSimulation } from './lib/simulation/test-runners/describe-simulation';
export type { TestFunctions } from './lib/simulation/test-runners/test-runner';
export type { SeedResult } from './lib/simulation/seed-run/seed-result';
export { checkSimulation, runSimulation, type RunSimulationOptions } from './lib/simulation/runner/run-simulation';
export type { SimulationClass } from './lib/simulation/seed-run/simulation-class';
export type { StoreEngines } from './lib/simulation/cluster-store/simulated-store';
export type { SimulationReport } from './lib/simulation/runner/simulation-report';
export { grid } from './lib/simulation/topology/layout';
export type { Nemesis } from './lib/simulation/workloads/nemesis';
export {
  OperationAlphabet,
  type AlphabetOperation,
  type OperationKind,
} from './lib/simulation/workloads/operation-alphabet';
export { actorsOf, runWorkloads, type RunWorkloadsOptions } from './lib/simulation/workloads/run-workloads';
export type { Workload, WorkloadClass } from './lib/simulation/workloads/workload';
export type { Attempt, WorkloadContext, WorkloadOperation } from './lib/simulation/workloads/workload-context';

installMochaAdapter();
refuseUndeclared();
