import type { ActorClass } from '../../actor/actor-reference';
import type { ContainerModule } from '../../injection/container-module';
import type { WorkloadContext } from './workload-context';

/**
 * A program of clients that drives actors and finds out whether they did right. It knows nothing of the world that it runs in: the
 * same class runs on a simulated cluster and on real nodes. Nodes die while it runs; it must take every outcome that a call may
 * have, and go on.
 */
export interface Workload {
  /** Prepares the actors, before any client runs. Called once, with the context of the first client. */
  setup?(context: WorkloadContext): Promise<void>;
  /** What a client does. Called once for each client, all at the same time. */
  run(context: WorkloadContext): Promise<void>;
  /** Throws when something is wrong. Called once, with the first client, when the faults are over and all nodes run again. */
  check?(context: WorkloadContext): Promise<void>;
}

/** A class of workloads. Each run makes a new object of it, so fields hold what belongs to one run. */
export interface WorkloadClass {
  readonly name: string;
  /** The actor classes that it drives. */
  readonly actors: readonly ActorClass[];
  /** Container modules of the application. */
  readonly modules?: readonly ContainerModule[];
  new (): Workload;
}
