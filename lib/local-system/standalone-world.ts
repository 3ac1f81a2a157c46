import type { ContainerModule } from '../injection/container-module';
import { EventLog, silentEventLog } from '../observability/event-log';
import { EventSinks, eventLogWith } from '../observability/event-sink';
import { Logger } from '../observability/logger';
import { NodeLogger } from '../providers/node/node-logger';
import { NodeRandomProvider } from '../providers/node/node-random-provider';
import { NodeTaskProvider } from '../providers/node/node-task-provider';
import { nodeClocks } from '../providers/node/node-clocks';
import { NodeTimeProvider } from '../providers/node/node-time-provider';
import { NodeThreadProvider } from '../providers/node/node-thread-provider';
import { RandomProvider } from '../providers/random-provider';
import { TaskProvider } from '../providers/task-provider';
import { ThreadProvider } from '../providers/thread-provider';
import { TimeProvider } from '../providers/time-provider';

/** The real world, for a system of local actors without a runtime; a later module says otherwise. */
export const standaloneWorld: ContainerModule = {
  name: 'standalone-world',
  load(bind) {
    bind(Logger).toFactory([], () => new NodeLogger());
    bind(EventLog).toFactory([EventSinks, Logger], (sinks, logger) => eventLogWith(silentEventLog, sinks, logger));
    bind(TimeProvider).toFactory([Logger], (logger) => new NodeTimeProvider(nodeClocks, logger));
    bind(TaskProvider).toFactory([Logger], (logger) => new NodeTaskProvider(logger));
    bind(RandomProvider).toFactory([], () => new NodeRandomProvider());
    bind(ThreadProvider).toFactory([], () => new NodeThreadProvider());
  },
};
