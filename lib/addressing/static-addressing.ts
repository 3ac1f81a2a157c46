import type { Addressing } from './addressing';

/** Static actors: each node has one, and who calls it says which node is meant, or means its own. */
export const STATIC: Addressing = {
  hasKey: false,
  isHosted: true,
  isByAddress: true,
  isRegistered: false,
  belongsToNode: true,
  mayMove: false,
  keepsOrder: false,
  maxPerNode: undefined,
  activationPrefix: '',
  route: (call, routes) => routes.toAddress(call, call.address),
};
