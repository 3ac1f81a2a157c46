import 'reflect-metadata';

export type { BlockingJob, BlockingJobs, BlockingJobsOptions, BlockingJobTable } from './lib/providers/blocking-jobs';
export { blockingJobs } from './lib/worker-pool/blocking-job-table';
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
