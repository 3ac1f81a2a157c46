import { MEMBERSHIP_OPERATIONS, type MembershipStore } from '../cluster/membership-store';
import { DIRECTORY_OPERATIONS, type ActorDirectory } from '../directory/actor-directory';
import { MoonpoolError } from '../errors/moonpool-error';
import { relayed, type OperationTable, type StoreOperation } from '../providers/store-operations';
import { STATE_OPERATIONS, type StateStorage } from '../storage/state-storage';
import type { GatewayFailover } from './gateway-failover';

/** The table of members as a client sees it that asks gateways: it follows the view, and is no member itself. */
export function gatewayMembership(gateways: GatewayFailover): MembershipStore {
  return {
    ...refused<MembershipStore>(MEMBERSHIP_OPERATIONS),
    shared: true,
    // Only the gateways know of other clusters, and a client that is of another one is refused by them.
    otherClusters: async () => [],
    read: async () => {
      const view = await gateways.ask(MEMBERSHIP_OPERATIONS.read, (gateway) => gateway.members());
      gateways.know(view.members.filter(({ status }) => status === 'active').map(({ address }) => address));
      return view;
    },
  };
}

/** The directory as a client sees it that asks gateways: it registers nobody. */
export function gatewayDirectory(gateways: GatewayFailover): ActorDirectory {
  return {
    ...refused<ActorDirectory>(DIRECTORY_OPERATIONS),
    lookup: async (actor) => {
      const found = await gateways.ask(DIRECTORY_OPERATIONS.lookup, (gateway) => gateway.lookup(actor));
      if (found === null) return undefined;
      const { activation, name, incarnation, address } = found;
      return { actor, activation, node: { name, incarnation }, address };
    },
  };
}

/** The store as a client sees it that asks gateways: which actors there are, and messages that must arrive; no states. */
export function gatewayStorage(gateways: GatewayFailover): StateStorage {
  return {
    ...refused<StateStorage>(STATE_OPERATIONS),
    list: (query) => gateways.ask(STATE_OPERATIONS.list, (gateway) => gateway.list(query)),
    count: (prefix) => gateways.ask(STATE_OPERATIONS.count, (gateway) => gateway.count(prefix)),
    deliver: (deliveries) => gateways.ask(STATE_OPERATIONS.deliver, (gateway) => gateway.deliver(deliveries)),
    deliveries: (query) => gateways.ask(STATE_OPERATIONS.deliveries, (gateway) => gateway.deliveries(query)),
    settle: (settlement) => gateways.ask(STATE_OPERATIONS.settle, (gateway) => gateway.settle(settlement)),
  };
}

/** What is for nodes alone. */
function refused<Contract extends object>(table: OperationTable<Contract>): ReturnType<typeof relayed<Contract>> {
  return relayed<Contract>(table, (operation) => Promise.reject(notOffered(operation)));
}

function notOffered({ does }: StoreOperation): MoonpoolError {
  return new MoonpoolError('FEATURE_MISSING', {
    message: `A client that asks gateways cannot ${does}`,
    executed: 'no',
    remedy: 'Do it on a node, or give the client the store itself in place of `gateways`.',
  });
}
