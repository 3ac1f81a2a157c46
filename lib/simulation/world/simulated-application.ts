import type { ActorClass } from '../../actor/actor-reference';
import type { ContainerModule } from '../../injection/container-module';
import type { NodeLife } from '../timeline/node-life';
import { partitionedDirectory } from '../../modules/directory-module';
import type { StartOptions } from '../../runtime/runtime-options';
import type { StartupTask } from '../../runtime/startup-tasks';
import type { SimulatedMachine } from './simulated-machine';
import type { SimulatedWorld } from './simulated-world';
import { simulatedWorldModule } from './simulated-world-module';

/** A release of the application, as far as releases differ: what is left out is as in the others. */
export interface SimulatedRelease {
  /** The actor classes; those of another release have other versions under the same wire names. */
  readonly actors?: readonly ActorClass[];
  readonly observers?: readonly ActorClass[] | undefined;
  /** What each node does when it starts. */
  readonly startup?: readonly StartupTask[] | undefined;
}

/** What the processes of a simulation run. */
export interface SimulatedApplication extends SimulatedRelease {
  readonly namespace: string;
  readonly actors: readonly ActorClass[];
  /** The modules of the application; the simulated world comes after them. */
  readonly modules: readonly ContainerModule[];
  readonly leaseTtlMs: number;
}

/** How long a lost connection is left alone at most, in milliseconds: faults here are shorter than in the real world. */
export const LONGEST_RECONNECT_MS = 2_000;

/** The options with which a life of a machine starts its runtime. */
export function runtimeOptions(
  { namespace, actors, observers = [], startup = [], modules, leaseTtlMs }: SimulatedApplication,
  world: SimulatedWorld,
  machine: SimulatedMachine,
  life: NodeLife,
): StartOptions & { readonly name: string } {
  return {
    name: machine.name,
    namespace,
    actors,
    observers,
    startup,
    lease: { ttlMs: leaseTtlMs },
    // Faults live on the network, so everything goes by it.
    inProcess: false,
    transport: { reconnectMaxMs: LONGEST_RECONNECT_MS },
    persistence: { checksReadOnly: true, checksInstances: true },
    modules: [...modules, simulatedWorldModule(world, machine, life), ...directoryOf(modules, world)],
  };
}

/** The store of the simulated world has a directory too; some worlds do without it, and so does an application that says so. */
function directoryOf(modules: readonly ContainerModule[], world: SimulatedWorld): readonly ContainerModule[] {
  const own = partitionedDirectory();
  return world.partitionsDirectory || modules.some(({ name }) => name === own.name) ? [own] : [];
}
