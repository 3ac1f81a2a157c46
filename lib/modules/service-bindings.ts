import { Membership } from '../cluster/membership';
import { ActorDirectory } from '../directory/actor-directory';
import { GatewayService } from '../gateways/gateway-service';
import { LocalNode, type NodeRole } from '../identity/local-node';
import type { Bind, Contribute } from '../injection/container-module';
import { RefusalLog } from '../observability/refusal-log';
import { StateRegistry } from '../observability/state-registry';
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
    admits: ['node', 'client'],
  }));
  contribute(NodeServices).toFactory([StateRegistry], (registry) => ({
    instance: new InspectionService(registry),
    admits: ['node'],
  }));
  if (role === 'client') return;
  contribute(NodeServices).toFactory(
    { local: LocalNode, membership: Membership, directory: ActorDirectory, storage: StateStorage },
    ({ local, ...parts }) => ({
      instance: new GatewayService({ cluster: local.cluster, ...parts }),
      admits: ['client'],
    }),
  );
}
