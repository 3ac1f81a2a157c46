import { Buggify, quietBuggify } from '../chaos/buggify';
import { parseAddress } from '../identity/network-address';
import type { Bind, ContainerModule } from '../injection/container-module';
import { Logger } from '../observability/logger';
import { RefusalLog } from '../observability/refusal-log';
import { HostProvider } from '../providers/host-provider';
import { NetworkProvider } from '../providers/network-provider';
import { NodeHostProvider } from '../providers/node/node-host-provider';
import { NodeLogger } from '../providers/node/node-logger';
import { NodeNetworkProvider } from '../providers/node/node-network-provider';
import { NodeRandomProvider } from '../providers/node/node-random-provider';
import { NodeTaskProvider } from '../providers/node/node-task-provider';
import { NodeTimeProvider } from '../providers/node/node-time-provider';
import { withDefaults } from '../options/option-table';
import { RandomProvider } from '../providers/random-provider';
import { TaskProvider } from '../providers/task-provider';
import { TimeProvider } from '../providers/time-provider';
import { JsonSerializer } from '../serialization/json-serializer';
import { keepsContract, Serializer } from '../serialization/serializer';
import { LocalNode, type ProcessRole } from '../identity/local-node';
import { makeName } from '../handshake/node-name';
import { GreetingPolicy } from '../transport/greeting-policy';
import { Transport } from '../transport/transport';
import { SecurityOptions } from '../handshake/security-options';
import { DEFAULT_TRANSPORT_OPTIONS, TransportOptions } from '../connection/transport-options';
import { DEFAULT_MAX_PENDING_REQUESTS, DEFAULT_NETWORK, type FlowListenOptions } from './flow-options';
import { IncomingRequests } from './incoming-requests';
import { OutgoingRequests } from './outgoing-requests';

/**
 * The parts of a transport of fixed endpoints, and the real world around it unless a later module says otherwise.
 * @param name undefined: one is made up.
 * @param role what it greets others as. Default: a node if it listens, and otherwise a client.
 */
export function flowModule(
  options: FlowListenOptions,
  name: string | undefined,
  listen: string | undefined,
  role: ProcessRole = listen === undefined ? 'client' : 'node',
): ContainerModule {
  return {
    name: 'fixed-endpoints',
    load(bind) {
      bindWorld(bind);
      bind(Serializer).toFactory([], () => keepsContract(new JsonSerializer()));
      bind(SecurityOptions).toValue(options.security ?? {});
      bind(TransportOptions).toValue(withDefaults(DEFAULT_TRANSPORT_OPTIONS, options.transport));
      bind(RefusalLog).toFactory([Logger, TimeProvider], (logger, time) => new RefusalLog(logger, time));
      bind(LocalNode).toFactory([RandomProvider, HostProvider], (random, host) => {
        const local = new LocalNode(role, options.network ?? DEFAULT_NETWORK, name ?? makeName(host, random));
        // There is no store that counts the lives of this process; a number that is hardly drawn twice tells them apart.
        local.join({ name: local.name, incarnation: random.uint32() });
        return local;
      });
      bind(Transport).toFactory(
        [
          LocalNode,
          TransportOptions,
          SecurityOptions,
          TimeProvider,
          TaskProvider,
          NetworkProvider,
          RandomProvider,
          Buggify,
          Logger,
          RefusalLog,
        ],
        (local, transportOptions, security, time, tasks, network, random, buggify, logger, refusals) =>
          new Transport({
            local,
            listen: listen === undefined ? undefined : parseAddress(listen),
            advertise: options.advertise,
            options: transportOptions,
            security,
            policy: new GreetingPolicy(),
            // Packets of fixed endpoints are the same in all versions.
            adapters: new Map(),
            time,
            tasks,
            network,
            random,
            buggify,
            logger,
            refusals,
          }),
      );
      bind(IncomingRequests).toFactory(
        [Transport, Serializer, TaskProvider, RefusalLog],
        (transport, serializer, tasks, refusals) => new IncomingRequests({ transport, serializer, tasks, refusals }),
      );
      bind(OutgoingRequests).toFactory([Transport, Serializer, TimeProvider], (transport, serializer, time) => {
        return new OutgoingRequests({
          transport,
          serializer,
          time,
          maxPendingRequests: options.maxPendingRequests ?? DEFAULT_MAX_PENDING_REQUESTS,
        });
      });
    },
  };
}

function bindWorld(bind: Bind): void {
  bind(Logger).toFactory([], () => new NodeLogger());
  bind(Buggify).toValue(quietBuggify);
  bind(TimeProvider).toFactory([], () => new NodeTimeProvider());
  bind(TaskProvider).toFactory([Logger], (logger) => new NodeTaskProvider(logger));
  bind(NetworkProvider).toFactory([SecurityOptions], ({ tls }) => new NodeNetworkProvider(tls));
  bind(HostProvider).toFactory([], () => new NodeHostProvider());
  bind(RandomProvider).toFactory([], () => new NodeRandomProvider());
}
