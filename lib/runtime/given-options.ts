import { ActivationOptions } from '../activation/activation-options';
import { Filters } from '../actor/call-filter';
import { Actors, Observers } from '../actor/known-classes';
import { MessagingOptions } from '../calls/messaging-options';
import { Buggify } from '../chaos/buggify';
import { NO_LABELS, NodeLabels } from '../cluster/labels';
import { DEFAULT_LEASE_OPTIONS, LeaseOptions } from '../cluster/lease-options';
import { TransportOptions } from '../connection/transport-options';
import { LocalNode } from '../identity/local-node';
import { SecurityOptions } from '../handshake/security-options';
import { parseAddress } from '../identity/network-address';
import type { ContainerModule } from '../injection/container-module';
import { InProcessNodes } from '../messaging/in-process-nodes';
import { PersistenceOptions } from '../persistence/persistence-options';
import { DeliveryOptions } from '../deliveries/delivery-options';
import {
  activationDefaults,
  deliveryDefaults,
  messagingDefaults,
  persistenceDefaults,
  transportDefaults,
} from '../modules/buggified-defaults';
import { withDefaults } from '../options/option-table';
import { ListenPlace } from '../transport/listening';
import type { StartOptions } from './runtime-options';
import { StartupTasks } from './startup-tasks';

const DEFAULT_LISTEN = '127.0.0.1:0';

/** All nodes of this process that do not keep apart; of two clusters none has the same name and address. */
const ofThisProcess = new InProcessNodes();

/** What a runtime is given when it is started, as a module like any other: what modules can contribute goes the same way. */
export function givenOptions(local: LocalNode, options: StartOptions): ContainerModule {
  const {
    lease,
    messaging,
    transport,
    security,
    activation,
    persistence,
    deliveries,
    inProcess = true,
    advertise,
  } = options;
  const isNode = local.role === 'node';
  return {
    name: 'the options of the runtime',
    load(bind, contribute) {
      bind(LocalNode).toValue(local);
      bind(ListenPlace).toValue({
        listen: isNode ? parseAddress(options.listen ?? DEFAULT_LISTEN) : undefined,
        advertise,
      });
      bind(NodeLabels).toValue(options.labels ?? NO_LABELS);
      bind(SecurityOptions).toValue(security ?? {});
      bind(LeaseOptions).toValue(withDefaults(DEFAULT_LEASE_OPTIONS, lease));
      bind(MessagingOptions).toFactory([Buggify], (buggify) => withDefaults(messagingDefaults(buggify), messaging));
      bind(TransportOptions).toFactory([Buggify], (buggify) => withDefaults(transportDefaults(buggify), transport));
      bind(ActivationOptions).toFactory([Buggify], (buggify) => withDefaults(activationDefaults(buggify), activation));
      bind(PersistenceOptions).toFactory([Buggify], (buggify) =>
        withDefaults(persistenceDefaults(buggify), persistence),
      );
      bind(DeliveryOptions).toFactory([Buggify], (buggify) => withDefaults(deliveryDefaults(buggify), deliveries));
      bind(InProcessNodes).toValue(inProcess ? ofThisProcess : new InProcessNodes());
      contribute(Actors, ...options.actors);
      contribute(Observers, ...(options.observers ?? []));
      contribute(Filters.incoming, ...(options.incoming ?? []));
      contribute(Filters.outgoing, ...(options.outgoing ?? []));
      contribute(StartupTasks, ...(options.startup ?? []));
    },
  };
}
