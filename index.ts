import 'reflect-metadata';

export { Actor } from './decorators/actor';
export { AlwaysInterleave } from './decorators/always-interleave';
export { Handler } from './decorators/handler';
export { inject } from './decorators/inject';
export { Observer } from './decorators/observer';
export { Journal } from './decorators/journal';
export { JournalEvent } from './decorators/journal-event';
export { Persist } from './decorators/persist';
export { Reminder } from './decorators/reminder';
export { Reentrant } from './decorators/reentrant';
export { StatelessWorker } from './decorators/stateless-worker';
export { Timer } from './decorators/timer';
export type { ActivationOptions } from './lib/activation/activation-options';
export { ActorContext } from './lib/actor/actor-context';
export type { ActorClass, ActorReference, ActorReferences } from './lib/actor/actor-reference';
export { ActorJournal, type JournalEntry } from './lib/actor/actor-journal';
export { ActorState } from './lib/actor/actor-state';
export type { ActorTimer, ActorTimerOptions } from './lib/actor/actor-timer';
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
export type { OnActivate, OnDeactivate, OnMigrate } from './lib/actor/hooks';
export { ObserverSet } from './lib/actor/observer-set';
export type { DueReminder, ReminderOptions, SetReminder } from './lib/actor/reminder';
export type { DeliverOptions } from './lib/actor/deliver-options';
export type { RequestContext } from './lib/actor/request-context';
export { DeadLetters, type DeadLetter, type DeadLetterQuery } from './lib/deliveries/dead-letters';
export type { DeliveryOptions } from './lib/deliveries/delivery-options';
export type { DeliveryFailure } from './lib/deliveries/delivery-record';
export type { LeaseOptions } from './lib/cluster/lease-options';
export type { ErrorCode } from './lib/errors/catalogue';
export { isMoonpoolError, MoonpoolError, type Executed, type MoonpoolErrorDetails } from './lib/errors/moonpool-error';
export { ActorId } from './lib/identity/actor-id';
export type { ActorKey, KeyPart } from './lib/identity/actor-key';
export { formatNodeId, type NodeId } from './lib/identity/node-id';
export type { Bind, ContainerModule } from './lib/injection/container-module';
export { token, Token, type Constructor, type ServiceIdentifier } from './lib/injection/token';
export type { MessagingOptions } from './lib/calls/messaging-options';
export { listOf, mapOf, nullable, oneOf, required, setOf, unchecked } from './lib/metadata/accepted';
export type { ActorOptions, HandlerOptions, StatelessWorkerOptions, TimerOptions } from './lib/metadata/actor-record';
export { memory } from './lib/modules/memory';
export { namedStorage } from './lib/modules/named-storage';
export { nodeProviders, type NodeProvidersOptions } from './lib/modules/node-providers';
export { gateways } from './lib/modules/gateways';
export type { GatewaysOptions } from './lib/modules/gateways-options';
export { sqlite } from './lib/modules/sqlite';
export type { SqliteOptions } from './lib/modules/sqlite-options';
export { Logger, type LogFields } from './lib/observability/logger';
export { RandomProvider } from './lib/providers/random-provider';
export { TimeProvider } from './lib/providers/time-provider';
export { ActorRuntime } from './lib/runtime/actor-runtime';
export type { Termination } from './lib/runtime/runtime-ending';
export { StoredActors, type StoredActorsQuery } from './lib/runtime/stored-actors';
export type { NodeInspection } from './lib/modules/node-inspection';
export type { NodeHealth, PartHealth } from './lib/runtime/node-health';
export { retry, type RetryAttempt, type RetryOptions } from './lib/runtime/retry';
export { Observation, type ObserveOptions } from './lib/runtime/observation';
export type { ConnectOptions, StartOptions } from './lib/runtime/runtime-options';
export { StartupTasks, type StartupTask } from './lib/runtime/startup-tasks';
export type { TlsOptions } from './lib/providers/tls-options';
export type { SecurityOptions } from './lib/handshake/security-options';
export type { TransportOptions } from './lib/connection/transport-options';

// What most programs of 0.1.0 took of `moonpool/local` from here, they find here too.
export { LocalSystem } from './lib/local-system/local-system';
export { blockingJobs } from './lib/worker-pool/blocking-job-table';
