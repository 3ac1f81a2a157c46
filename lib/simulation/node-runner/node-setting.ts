import type { ActorClass } from '../../actor/actor-reference';
import type { ContainerModule } from '../../injection/container-module';
import { sqlite } from '../../modules/sqlite';
import type { ConnectOptions } from '../../runtime/runtime-options';

/** What the nodes and clients of a real cluster agree on: plain data, so that it can be sent to another process. */
export interface NodeSetting {
  readonly namespace: string;
  /** The database file that they share. */
  readonly database: string;
  readonly leaseTtlMs: number;
}

/** The application whose workload is run. */
export interface NodeApplication {
  readonly actors: readonly ActorClass[];
  readonly modules?: readonly ContainerModule[];
}

/** The options with which a node starts or a client connects. */
export function realOptions(
  name: string,
  { namespace, database, leaseTtlMs }: NodeSetting,
  { actors, modules = [] }: NodeApplication,
): ConnectOptions & { readonly name: string } {
  return {
    name,
    namespace,
    actors,
    lease: { ttlMs: leaseTtlMs },
    inProcess: false,
    modules: [...modules, sqlite({ file: database })],
  };
}
