import type { Addressing } from './addressing';

/** Virtual actors: the cluster has one activation of a key at most, wherever that is. */
export const VIRTUAL: Addressing = {
  hasKey: true,
  isHosted: true,
  isByAddress: false,
  isRegistered: true,
  belongsToNode: false,
  mayMove: true,
  keepsOrder: true,
  maxPerNode: undefined,
  activationPrefix: '',
  route: (call, routes) => routes.toActivation(call),
};
