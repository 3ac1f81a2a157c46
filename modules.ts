import 'reflect-metadata';

export type {
  ActorMethods,
  DeliverMethods,
  NotCallableThroughReference,
  OneWayMethods,
  ReferenceControls,
  TrySendMethods,
} from './lib/actor/actor-reference';
export { CarriedReference, type CarriedActor, type ReferenceReader } from './lib/actor/carried-reference';
export type { ClusterTerms } from './lib/cluster/cluster-terms';
export type { Labels } from './lib/cluster/labels';
export type { MemberSession } from './lib/cluster/member-session';
export type { ReachReport } from './lib/cluster/reach-report';
export {
  KEPT_DEAD,
  MembershipStore,
  type ExpectedView,
  type JoinRequest,
  type Member,
  type MembershipView,
  type MemberStatus,
} from './lib/cluster/membership-store';
export { ActorDirectory, type Registration } from './lib/directory/actor-directory';
export { formatAddress, parseAddress, type NetworkAddress } from './lib/identity/network-address';
export type { BindingTarget, Contribute, NodePart } from './lib/injection/container-module';
export { contributions, ContributionList, type ContributionOptions } from './lib/injection/contribution-list';
export type { Accepted, AcceptedClass, AcceptedKind, AcceptedParameters } from './lib/metadata/accepted';
export type { CallDescription, MailboxOverflow, Reentrancy } from './lib/metadata/actor-record';
export {
  EventLog,
  type ApplicationEventName,
  type EventFields,
  type NodeEventName,
} from './lib/observability/event-log';
export { EventSinks, type EventSink } from './lib/observability/event-sink';
export { HealthChecks, type HealthCheck } from './lib/observability/health-check';
export { InspectionPages, type InspectionPage } from './lib/observability/inspection-page';
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
export type { CommitOutcome, NewAnswer, StateCommit } from './lib/storage/state-commit';
export { NamedStorages, type NamedStorage } from './lib/storage/named-storages';
export { StateStorage } from './lib/storage/state-storage';
export { StorageModel } from './lib/storage/storage-model';
export type {
  DeliveriesDue,
  DeliveryPage,
  DeliveryQuery,
  DeliveryRange,
  Due,
  NewDelivery,
  NextDelivery,
  Settlement,
  StoredDelivery,
} from './lib/storage/stored-delivery';
export type {
  ActorPage,
  ActorQuery,
  Forgetting,
  ListedActor,
  StoredEvent,
  StoredSnapshot,
  StoredState,
} from './lib/storage/stored-state';
export { BestOfTwoPlacement } from './lib/placement/best-of-two-placement';
export { labelledPlacement } from './lib/modules/placement-by-labels';
export { partitionedDirectory } from './lib/modules/directory-module';
export type { LabelledPlacementOptions } from './lib/modules/labelled-placement-options';
export { LabelledPlacement, type NodeWishes, type WantedLabels } from './lib/placement/labelled-placement';
export { HashPlacement } from './lib/placement/hash-placement';
export { LeastLoadedPlacement } from './lib/placement/least-loaded-placement';
export { LocalPlacement } from './lib/placement/local-placement';
export { PlacementStrategy, type PlacementCandidate } from './lib/placement/placement-strategy';
export { Placements, type NamedPlacement } from './lib/placement/placements';
export type { MigrateOptions } from './lib/runtime/migrate-options';
export { RandomPlacement } from './lib/placement/random-placement';
export { HostProvider, type ProcessIdentity, type ProcessSignal } from './lib/providers/host-provider';
export {
  NetworkProvider,
  type Connection,
  type ConnectionHandlers,
  type NetworkListener,
} from './lib/providers/network-provider';
export { ThreadProvider, type BlockingThread } from './lib/providers/thread-provider';
export { StorageDevice, type StorageFile } from './lib/providers/storage-device';
export { TaskProvider } from './lib/providers/task-provider';
export type { Timer as PendingTimer } from './lib/providers/time-provider';
export type { StartingNode, StopTask } from './lib/runtime/startup-tasks';
export { ByteReader } from './lib/serialization/byte-reader';
export { ByteWriter } from './lib/serialization/byte-writer';
export { JsonSerializer } from './lib/serialization/json-serializer';
export { Serializer } from './lib/serialization/serializer';
export { toTagged } from './lib/serialization/tagged-value';
export { fromTagged } from './lib/serialization/untagged-value';
