import type { HierarchyTopology, SimulationOptions, Topology } from '../../metadata/simulation-record';
import type { Locality } from './locality';

/** Where the nodes and clients of a cluster stand. Without localities, distance does not matter. */
export interface Layout {
  /** One for each node. */
  readonly nodes: readonly (Locality | undefined)[];
  /** One for each client. */
  readonly clients: readonly (Locality | undefined)[];
  /** How many nodes may be down at once by chance. Default: all but one. */
  readonly maxDead?: number;
}

const DEFAULT_NODES = 3;
const DEFAULT_CLIENTS = 1;

/** So many clients and so many servers, all at the same distance: from 1x1 to 10x10. */
export function grid(clients: number, servers: number): Topology {
  return { clients, servers };
}

/** Lays out the cluster that the options of a test ask for. */
export function layOut(options: SimulationOptions): Layout {
  const { maxDead } = options;
  return { ...placesFor(options), ...(maxDead === undefined ? {} : { maxDead }) };
}

function placesFor({ nodes = DEFAULT_NODES, clients = DEFAULT_CLIENTS, topology }: SimulationOptions): Layout {
  if (topology === undefined) return { nodes: nowhere(nodes), clients: nowhere(clients) };
  if ('servers' in topology) return { nodes: nowhere(topology.servers), clients: nowhere(topology.clients) };
  const zones = zonesOf(topology);
  const { machines = 1, processes = 1 } = topology;
  const places = zones.flatMap((zone) =>
    numbers(machines).flatMap((machine) =>
      numbers(processes).map(() => ({ ...zone, machine: `${zone.zone}-m${machine}` })),
    ),
  );
  return {
    nodes: places,
    // Clients have machines of their own and stand everywhere.
    clients: numbers(topology.clients ?? clients).map((client) => ({
      ...(zones[(client - 1) % zones.length] as Zone),
      machine: `client${client}`,
    })),
  };
}

type Zone = Pick<Locality, 'datacenter' | 'zone'>;

/** Names of places are unique in the cluster, so that each can stand for itself as a tag. */
function zonesOf({ datacenters = 1, zones = 1 }: HierarchyTopology): readonly Zone[] {
  return numbers(datacenters).flatMap((datacenter) =>
    numbers(zones).map((zone) => ({ datacenter: `dc${datacenter}`, zone: `dc${datacenter}-z${zone}` })),
  );
}

function numbers(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function nowhere(count: number): readonly undefined[] {
  return Array.from({ length: count }, () => undefined);
}
