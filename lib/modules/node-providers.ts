import { Buggify, quietBuggify } from '../chaos/buggify';
import type { ContainerModule } from '../injection/container-module';
import { EventLog, silentEventLog } from '../observability/event-log';
import { EventSinks, eventLogWith } from '../observability/event-sink';
import { LiveStateRegistry } from '../observability/live-state-registry';
import { Logger } from '../observability/logger';
import { StateRegistry } from '../observability/state-registry';
import { text } from '../options/option-kind';
import { optionTable } from '../options/option-table';
import { HostProvider } from '../providers/host-provider';
import { NetworkProvider } from '../providers/network-provider';
import { NodeHostProvider } from '../providers/node/node-host-provider';
import { NodeLogger } from '../providers/node/node-logger';
import { NodeNetworkProvider } from '../providers/node/node-network-provider';
import { NodeRandomProvider } from '../providers/node/node-random-provider';
import { NodeStorageDevice } from '../providers/node/node-storage-device';
import { NodeTaskProvider } from '../providers/node/node-task-provider';
import { NodeThreadProvider } from '../providers/node/node-thread-provider';
import { nodeClocks } from '../providers/node/node-clocks';
import { NodeTimeProvider } from '../providers/node/node-time-provider';
import { RandomProvider } from '../providers/random-provider';
import { StorageDevice } from '../providers/storage-device';
import { TaskProvider } from '../providers/task-provider';
import { ThreadProvider } from '../providers/thread-provider';
import { TimeProvider } from '../providers/time-provider';
import { SecurityOptions } from '../handshake/security-options';

/** The options of {@link nodeProviders}. */
export interface NodeProvidersOptions {
  /** The folder of the storage device. Default: `.moonpool` in the working directory; made when first used. */
  readonly storageFolder?: string;
}

export const NODE_PROVIDERS_OPTIONS = optionTable<NodeProvidersOptions>({
  storageFolder: text('the path of a folder'),
});

/** The real world: clocks, timers, sockets, files and randomness of Node.js. A runtime has it unless a later module says otherwise. */
export function nodeProviders(options: NodeProvidersOptions = {}): ContainerModule {
  NODE_PROVIDERS_OPTIONS.check('nodeProviders', options);
  return {
    name: 'node-providers',
    load(bind) {
      bind(Logger).toFactory([], () => new NodeLogger());
      bind(StateRegistry).toFactory([], () => new LiveStateRegistry());
      bind(Buggify).toValue(quietBuggify);
      bind(EventLog).toFactory([EventSinks, Logger], (sinks, logger) => eventLogWith(silentEventLog, sinks, logger));
      bind(TimeProvider).toFactory([Logger], (logger) => new NodeTimeProvider(nodeClocks, logger));
      bind(TaskProvider).toFactory([Logger], (logger) => new NodeTaskProvider(logger));
      bind(NetworkProvider).toFactory([SecurityOptions], ({ tls }) => new NodeNetworkProvider(tls));
      bind(HostProvider).toFactory([], () => new NodeHostProvider());
      bind(RandomProvider).toFactory([], () => new NodeRandomProvider());
      bind(ThreadProvider).toFactory([], () => new NodeThreadProvider());
      bind(StorageDevice).toFactory([], () => new NodeStorageDevice(options.storageFolder ?? '.moonpool'));
    },
  };
}
