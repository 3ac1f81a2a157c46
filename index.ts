import 'reflect-metadata';

export { Actor } from './decorators/actor';
export { AlwaysInterleave } from './decorators/always-interleave';
export { Handler } from './decorators/handler';
export { inject } from './decorators/inject';
export { Observer } from './decorators/observer';
export { Persist } from './decorators/persist';
export { Reentrant } from './decorators/reentrant';
export { StatelessWorker } from './decorators/stateless-worker';
export { Timer } from './decorators/timer';
export type { ActivationOptions } from './lib/activation/activation-options';
export { ActorContext } from './lib/actor/actor-context';
export type {
  ActorClass,
  ActorMethods,
  ActorReference,
  ActorReferences,
  NotCallableThroughReference,
  OneWayMethods,
  ReferenceControls,
  TrySendMethods,
} from './lib/actor/actor-reference';
export { ActorState } from './lib/actor/actor-state';
export type { ActorTimer, ActorTimerOptions } from './lib/actor/actor-timer';
export { CarriedReference, type CarriedActor, type ReferenceReader } from './lib/actor/carried-reference';
export {
  Filters,
  type CallFilter,
  type FilteredCall,
  type FilteredChange,
  type FilterNext,
} from './lib/actor/call-filter';
export { Actors, Observers } from './lib/actor/known-classes';
export type { CallOptions } from './lib/actor/call-options';
export type { DeactivationCode, DeactivationReason } from './lib/actor/deactivation-reason';
export type { OnActivate, OnDeactivate } from './lib/actor/hooks';
export { ObserverSet } from './lib/actor/observer-set';
export type { RequestContext } from './lib/actor/request-context';
export { always, alwaysOrUnreachable, type AlwaysSite } from './lib/chaos/always';
export type { AssertionDetails, AssertionDetailsSource, AssertionKind } from './lib/chaos/assertion-recorder';
export type { AssertionSite } from './lib/chaos/assertion-site';
export { Buggify, type BuggifyOdds, type KnobRange } from './lib/chaos/buggify';
export {
  alwaysAtLeast,
  alwaysAtMost,
  alwaysGreaterThan,
  alwaysLessThan,
  sometimesAtLeast,
  sometimesAtMost,
  sometimesGreaterThan,
  sometimesLessThan,
  type ComparisonSite,
} from './lib/chaos/comparison';
export { reachable, unreachable, type ReachableSite } from './lib/chaos/reachable';
export {
  sometimes,
  sometimesAll,
  sometimesEach,
  type SometimesAllSite,
  type SometimesEachSite,
  type SometimesSite,
} from './lib/chaos/sometimes';
export type { ClusterTerms } from './lib/cluster/cluster-terms';
export type { Labels } from './lib/cluster/labels';
export type { LeaseOptions } from './lib/cluster/lease-options';
export {
  MembershipStore,
  type ExpectedView,
  type JoinRequest,
  type Member,
  type MembershipView,
  type MemberStatus,
} from './lib/cluster/membership-store';
export { ActorDirectory, type Registration } from './lib/directory/actor-directory';
export type { ErrorCode } from './lib/errors/catalogue';
export { isMoonpoolError, MoonpoolError, type Executed, type MoonpoolErrorDetails } from './lib/errors/moonpool-error';
export { ActorId } from './lib/identity/actor-id';
export type { ActorKey, KeyPart } from './lib/identity/actor-key';
export { formatAddress, parseAddress, type NetworkAddress } from './lib/identity/network-address';
export { formatNodeId, type NodeId } from './lib/identity/node-id';
export type { Bind, BindingTarget, ContainerModule, Contribute, NodePart } from './lib/injection/container-module';
export { contributions, ContributionList, type ContributionOptions } from './lib/injection/contribution-list';
export { token, Token, type Constructor, type ServiceIdentifier } from './lib/injection/token';
export type { MessagingOptions } from './lib/calls/messaging-options';
export {
  listOf,
  mapOf,
  nullable,
  oneOf,
  required,
  setOf,
  unchecked,
  type Accepted,
  type AcceptedClass,
  type AcceptedKind,
  type AcceptedParameters,
} from './lib/metadata/accepted';
export type {
  ActorOptions,
  CallDescription,
  HandlerOptions,
  MailboxOverflow,
  Reentrancy,
  StatelessWorkerOptions,
  TimerOptions,
} from './lib/metadata/actor-record';
export { memory } from './lib/modules/memory';
export { nodeProviders, type NodeProvidersOptions } from './lib/modules/node-providers';
export { sqlite } from './lib/modules/sqlite';
export type { SqliteOptions } from './lib/modules/sqlite-options';
export {
  EventLog,
  type ApplicationEventName,
  type EventFields,
  type NodeEventName,
} from './lib/observability/event-log';
export { EventSinks, type EventSink } from './lib/observability/event-sink';
export { HealthChecks, type HealthCheck } from './lib/observability/health-check';
export { InspectionPages, type InspectionPage } from './lib/observability/inspection-page';
export { Logger, type LogFields } from './lib/observability/logger';
export type { Counter, Distribution, Histogram, LabelledCounter } from './lib/observability/instruments';
export {
  metric,
  type CounterDefinition,
  type GaugeDefinition,
  type HistogramDefinition,
  type LabelledCounterDefinition,
  type MetricDefinition,
} from './lib/observability/metric';
export {
  Metrics,
  ObservedMetrics,
  type Bound,
  type MetricSample,
  type ObservedMetric,
} from './lib/observability/metrics';
export { StateRegistry, type PlainState } from './lib/observability/state-registry';
export { StateStorage, type StateWrite, type StoredState, type WriteOutcome } from './lib/persistence/state-storage';
export { BestOfTwoPlacement } from './lib/placement/best-of-two-placement';
export { LocalPlacement } from './lib/placement/local-placement';
export { PlacementStrategy, type PlacementCandidate } from './lib/placement/placement-strategy';
export { Placements, type NamedPlacement } from './lib/placement/placements';
export { RandomPlacement } from './lib/placement/random-placement';
export { HostProvider, type ProcessIdentity, type ProcessSignal } from './lib/providers/host-provider';
export {
  NetworkProvider,
  type Connection,
  type ConnectionHandlers,
  type NetworkListener,
} from './lib/providers/network-provider';
export { RandomProvider } from './lib/providers/random-provider';
export type { BlockingJob, BlockingJobs, BlockingJobsOptions, BlockingJobTable } from './lib/providers/blocking-jobs';
export { blockingJobs } from './lib/worker-pool/blocking-job-table';
export { ThreadProvider, type BlockingThread } from './lib/providers/thread-provider';
export { StorageDevice, type StorageFile } from './lib/providers/storage-device';
export { TaskProvider } from './lib/providers/task-provider';
export { TimeProvider, type Timer as PendingTimer } from './lib/providers/time-provider';
export { ActorRuntime, type Termination } from './lib/runtime/actor-runtime';
export type { NodeInspection } from './lib/modules/node-inspection';
export type { NodeHealth, PartHealth } from './lib/runtime/node-health';
export { retry, type RetryAttempt, type RetryOptions } from './lib/runtime/retry';
export { Observation, type ObserveOptions } from './lib/runtime/observation';
export type { ConnectOptions, StartOptions } from './lib/runtime/runtime-options';
export { StartupTasks, type StartingNode, type StartupTask, type StopTask } from './lib/runtime/startup-tasks';
export { ByteReader } from './lib/serialization/byte-reader';
export { ByteWriter } from './lib/serialization/byte-writer';
export { JsonSerializer } from './lib/serialization/json-serializer';
export { Serializer } from './lib/serialization/serializer';
export { toTagged } from './lib/serialization/tagged-value';
export { fromTagged } from './lib/serialization/untagged-value';
export {
  Broadcast,
  type BroadcastCounts,
  type BroadcastOptions,
  type BroadcastReceiver,
  type SlowReceiverPolicy,
} from './lib/local-actors/broadcast';
export {
  CircuitBreaker,
  type CircuitOptions,
  type CircuitState,
  type Guarded,
} from './lib/circuit-breaker/circuit-breaker';
export type {
  LocalActor,
  LocalActorClass,
  LocalActorFunction,
  LocalBehaviour,
  LocalContext,
  LocalRequest,
} from './lib/local-actors/local-actor';
export type { LocalEndCode, LocalEnding } from './lib/local-actors/local-ending';
export type { LocalHandle, LocalStopOptions, LocalWaitOptions } from './lib/local-actors/local-handle';
export type { LocalOptions } from './lib/local-actors/local-options';
export { LocalSystem, type LocalSystemOptions } from './lib/local-system/local-system';
export type { LocalWorldParts } from './lib/local-actors/local-world';
export type {
  ChildOptions,
  RestartBackoff,
  RestartIntensity,
  RestartPolicy,
  SupervisionStrategy,
  SupervisorOptions,
} from './lib/supervision/supervision-options';
export { Supervisor } from './lib/supervision/supervisor';
export {
  WorkerPool,
  type JobInput,
  type JobResult,
  type WorkerPoolOptions,
  type WorkerPoolParts,
} from './lib/worker-pool/worker-pool';
export type { TlsOptions } from './lib/providers/tls-options';
export type { SecurityOptions } from './lib/handshake/security-options';
export type { TransportOptions } from './lib/connection/transport-options';
