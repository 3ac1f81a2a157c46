import { MembershipStore } from '../cluster/membership-store';
import { ActorDirectory } from '../directory/actor-directory';
import { gatewayDirectory, gatewayMembership, gatewayStorage } from '../gateways/gateway-stores';
import { GatewayFailover } from '../gateways/gateway-failover';
import type { ContainerModule } from '../injection/container-module';
import { Logger } from '../observability/logger';
import { RandomProvider } from '../providers/random-provider';
import { TimeProvider } from '../providers/time-provider';
import { NodeEndpoints } from '../services/node-endpoints';
import { StateStorage } from '../storage/state-storage';
import { Transport } from '../transport/transport';
import { GATEWAYS_OPTIONS, type GatewaysOptions } from './gateways-options';

const ATTEMPT_MS = 2_000;

/**
 * For clients that have no access to the store: they ask nodes of the cluster for members, for where actors are, and for what else a client needs of it. Calls go
 * to the nodes of their actors directly. When a gateway does not answer, another one is asked.
 * @throws MoonpoolError INVALID_OPTION
 */
export function gateways(options: GatewaysOptions): ContainerModule {
  GATEWAYS_OPTIONS.check('gateways', options);
  const { addresses, attemptMs = ATTEMPT_MS } = options;
  return {
    name: 'gateways',
    role: 'client',
    load(bind) {
      bind(GatewayFailover).toFactory(
        { endpoints: NodeEndpoints, transport: Transport, time: TimeProvider, random: RandomProvider, logger: Logger },
        (parts) => new GatewayFailover({ ...parts, addresses, attemptMs }),
      );
      bind(MembershipStore).toFactory([GatewayFailover], gatewayMembership);
      bind(ActorDirectory).toFactory([GatewayFailover], gatewayDirectory);
      bind(StateStorage).toFactory([GatewayFailover], gatewayStorage);
    },
  };
}
