import { ActivationOptions } from '../activation/activation-options';
import { Lease } from '../cluster/lease';
import { Membership } from '../cluster/membership';
import { ActorDirectory } from '../directory/actor-directory';
import { DirectoryPort } from '../directory/directory-port';
import { DirectoryService } from '../directory/directory-service';
import { GatewayService } from '../gateways/gateway-service';
import { LocalNode, type NodeRole } from '../identity/local-node';
import type { Bind, Contribute } from '../injection/container-module';
import { ActorMoves } from '../migration/actor-moves';
import { Departures } from '../migration/departures';
import { Destinations } from '../migration/destinations';
import { MigrationPort } from '../migration/migration-port';
import { KnownActors } from '../metadata/actor-descriptor';
import { MigrationService } from '../migration/migration-service';
import { RefusalLog } from '../observability/refusal-log';
import { StateRegistry } from '../observability/state-registry';
import { ActorLocator } from '../placement/actor-locator';
import { TaskProvider } from '../providers/task-provider';
import { TimeProvider } from '../providers/time-provider';
import { Serializer } from '../serialization/serializer';
import { InspectionService } from '../services/inspection-service';
import { NodeEndpoints } from '../services/node-endpoints';
import { NodeServices } from '../services/node-service';
import { ProbeService } from '../services/probe-service';
import { StateStorage } from '../storage/state-storage';
import { Transport } from '../transport/transport';

/** What processes of a cluster ask each other beside calls of actors. */
export function bindServices(bind: Bind, contribute: Contribute, role: NodeRole): void {
  bind(NodeEndpoints).toParts(
    {
      transport: Transport,
      serializer: Serializer,
      time: TimeProvider,
      tasks: TaskProvider,
      refusals: RefusalLog,
      services: NodeServices,
    },
    NodeEndpoints,
  );
  contribute(NodeServices).toFactory([LocalNode], (local) => ({
    instance: new ProbeService(local),
    admits: ['node', 'client', 'operator'],
  }));
  contribute(NodeServices).toFactory([StateRegistry], (registry) => ({
    instance: new InspectionService(registry),
    admits: ['node', 'operator'],
  }));
  bind(MigrationPort).toFactory([], () => new MigrationPort());
  bind(ActorMoves).toParts(
    {
      local: LocalNode,
      port: MigrationPort,
      directory: ActorDirectory,
      membership: Membership,
      endpoints: NodeEndpoints,
    },
    ActorMoves,
  );
  if (role === 'client') return;
  bindMigration(bind, contribute);
  contribute(NodeServices).toFactory([DirectoryPort], (port) => ({
    instance: new DirectoryService(port),
    admits: ['node'],
  }));
  contribute(NodeServices).toFactory(
    { local: LocalNode, membership: Membership, directory: DirectoryPort, storage: StateStorage },
    ({ local, ...parts }) => ({
      instance: new GatewayService({ cluster: local.cluster, ...parts }),
      admits: ['client'],
    }),
  );
}

/** What nodes need to hand actors over to each other. */
function bindMigration(bind: Bind, contribute: Contribute): void {
  bind(Destinations).toParts(
    { local: LocalNode, membership: Membership, locator: ActorLocator, known: KnownActors },
    Destinations,
  );
  bind(Departures).toFactory(
    { local: LocalNode, lease: Lease, endpoints: NodeEndpoints, options: ActivationOptions },
    ({ options, ...parts }) => new Departures({ ...parts, limitMs: options.migrationLimitMs }),
  );
  contribute(NodeServices).toFactory([MigrationPort], (port) => ({
    instance: new MigrationService(port),
    admits: ['node'],
  }));
}
