import { Buggify } from '../chaos/buggify';
import { ProtocolAdapters } from '../connection/protocol-adapter';
import { TransportOptions } from '../connection/transport-options';
import { LocalNode } from '../identity/local-node';
import { SecurityOptions } from '../handshake/security-options';
import type { Bind } from '../injection/container-module';
import { Logger } from '../observability/logger';
import { REFUSAL_METRICS } from '../observability/metric-catalogue';
import { Metrics } from '../observability/metrics';
import { RefusalLog } from '../observability/refusal-log';
import { NetworkProvider } from '../providers/network-provider';
import { RandomProvider } from '../providers/random-provider';
import { TaskProvider } from '../providers/task-provider';
import { TimeProvider } from '../providers/time-provider';
import { Farewell } from '../transport/farewell';
import { GreetingPolicy } from '../transport/greeting-policy';
import { ListenPlace } from '../transport/listening';
import { Transport } from '../transport/transport';

/** How a process talks with others. */
export function bindTransport(bind: Bind): void {
  bind(RefusalLog).toFactory(
    [Logger, TimeProvider, Metrics],
    (logger, time, metrics) => new RefusalLog(logger, time, metrics.bind(REFUSAL_METRICS).refused),
  );
  bind(GreetingPolicy).toFactory([], () => new GreetingPolicy());
  bind(Transport).toFactory(
    {
      local: LocalNode,
      place: ListenPlace,
      options: TransportOptions,
      security: SecurityOptions,
      policy: GreetingPolicy,
      adapters: ProtocolAdapters,
      time: TimeProvider,
      tasks: TaskProvider,
      network: NetworkProvider,
      random: RandomProvider,
      buggify: Buggify,
      logger: Logger,
      refusals: RefusalLog,
    },
    ({ place, ...parts }) => new Transport({ ...parts, ...place }),
  );
  bind(Farewell).toFactory([Transport], (transport) => new Farewell(transport));
}
