import { quietBuggify } from '../../lib/chaos/buggify';
import { parseAddress, type NetworkAddress } from '../../lib/identity/network-address';
import type { Logger } from '../../lib/observability/logger';
import type { NetworkProvider } from '../../lib/providers/network-provider';
import type { RandomProvider } from '../../lib/providers/random-provider';
import type { TaskProvider } from '../../lib/providers/task-provider';
import type { TimeProvider } from '../../lib/providers/time-provider';
import { LocalNode } from '../../lib/identity/local-node';
import { RefusalLog } from '../../lib/observability/refusal-log';
import { GreetingPolicy } from '../../lib/transport/greeting-policy';
import { Transport } from '../../lib/transport/transport';
import { DEFAULT_TRANSPORT_OPTIONS, type TransportOptions } from '../../lib/connection/transport-options';
import type { TransportMaker } from './transport';

/** What the transports of a world share. */
export interface TransportWorld {
  readonly network: NetworkProvider;
  readonly time: TimeProvider;
  readonly tasks: TaskProvider;
  readonly random: RandomProvider;
  readonly link: 'tcp' | 'unix';
  /** Where the first transport of a place listens; those after it listen where it did. */
  readonly addressOf: (place: string) => NetworkAddress;
  readonly options?: Partial<TransportOptions>;
}

const silent: Logger = { info: () => undefined, warn: () => undefined, error: () => undefined };

export function transportMaker(world: TransportWorld): TransportMaker {
  const { network, time, tasks, random, link, addressOf } = world;
  const listening = new Map<string, NetworkAddress>();
  return {
    time,
    link,
    async open(place, incarnation, options) {
      const local = new LocalNode('node', 'spec', place);
      local.join({ name: place, incarnation });
      const listen = listening.get(place) ?? addressOf(place);
      const transport = new Transport({
        local,
        listen,
        time,
        tasks,
        network,
        random,
        security: {},
        policy: new GreetingPolicy(),
        adapters: new Map(),
        options: { ...DEFAULT_TRANSPORT_OPTIONS, ...world.options, ...options },
        buggify: quietBuggify,
        logger: silent,
        refusals: new RefusalLog(silent, time),
      });
      await transport.start();
      listening.set(place, parseAddress(local.address));
      return { transport, address: local.address };
    },
  };
}
