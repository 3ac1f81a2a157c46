import type { Addressing } from './addressing';

/** Observers: objects of a process, be it a node or a client, whose keys say which process that is. */
export const OBSERVER: Addressing = {
  hasKey: true,
  isHosted: false,
  isByAddress: false,
  isRegistered: false,
  belongsToNode: false,
  mayMove: false,
  keepsOrder: false,
  maxPerNode: undefined,
  activationPrefix: 'observer:',
  route: (call, routes) => routes.toHome(call),
};
