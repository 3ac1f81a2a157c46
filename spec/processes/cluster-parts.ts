import { RandomProvider, sqlite, type CallFilter, type ConnectOptions, type ContainerModule } from 'moonpool';
import { LocalPlacement, PlacementStrategy, RandomPlacement } from 'moonpool/modules';
import { ACTORS, OBSERVERS } from './actors';

/** Short, so that failover takes little; long enough for a machine that has other things to do. In milliseconds. */
const LEASE_TTL_MS = 2_500;

/** Nodes activate actors at home, so that a spec says where an actor lives by saying who calls it first. */
const atHome: ContainerModule = {
  name: 'at-home',
  load: (bind) =>
    bind(PlacementStrategy).toFactory([RandomProvider], (random) => new LocalPlacement(new RandomPlacement(random))),
};

/** What nodes and clients of the cluster are given alike. */
export function clusterParts(database: string): ConnectOptions {
  return {
    namespace: 'processes',
    actors: ACTORS,
    observers: OBSERVERS,
    lease: { ttlMs: LEASE_TTL_MS },
    transport: { reconnectMaxMs: 500 },
    modules: [sqlite({ file: database }), atHome],
  };
}

/** Puts its name around the answer of `ring`, and touches nothing else. */
export function ringFilter(name: string): CallFilter {
  return async (call, next) => (call.method === 'ring' ? `${name}(${String(await next())})` : next());
}
