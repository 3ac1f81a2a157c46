import { Buggify } from '../chaos/buggify';
import { Lease } from '../cluster/lease';
import { LeaseOptions } from '../cluster/lease-options';
import { Membership } from '../cluster/membership';
import { ActorDirectory } from '../directory/actor-directory';
import { DirectoryKind } from '../directory/directory-kind';
import { DirectoryPort } from '../directory/directory-port';
import { PartitionedDirectory } from '../directory/partitioned-directory';
import { OwnerLookups } from '../gateways/owner-lookups';
import { LocalNode } from '../identity/local-node';
import type { Bind, ContainerModule } from '../injection/container-module';
import { EventLog } from '../observability/event-log';
import { TaskProvider } from '../providers/task-provider';
import { TimeProvider } from '../providers/time-provider';
import { NodeEndpoints } from '../services/node-endpoints';

/**
 * The directory in the memory of the nodes, in place of the store: each keeps the ranges of actors that the present view of the cluster gives it. To find and to activate an actor then costs no
 * access to the store but the claim of its state. All nodes and clients of a cluster have the same directory: a node that differs does not join. Listed behind the module of the store.
 */
export function partitionedDirectory(): ContainerModule {
  return { name: 'partitioned-directory', load: bindPartitionedDirectory };
}

/** The directory of nodes, and what clients ask of it. */
export function bindPartitionedDirectory(bind: Bind): void {
  bind(DirectoryKind).toValue('partitioned');
  bind(ActorDirectory).toFactory(
    {
      port: DirectoryPort,
      local: LocalNode,
      membership: Membership,
      lease: Lease,
      leases: LeaseOptions,
      endpoints: NodeEndpoints,
      time: TimeProvider,
      tasks: TaskProvider,
      events: EventLog,
      buggify: Buggify,
    },
    (parts) => (parts.local.role === 'client' ? new OwnerLookups(parts) : new PartitionedDirectory(parts)),
  );
}
