import type { Addressing } from './addressing';

/** How many activations of one key a node may have, unless the class says otherwise. */
const DEFAULT_MAX_PER_NODE = 8;

/** Where the ids of activations begin that are one of several. */
export const WORKER_PREFIX = 'worker:';

/** Stateless workers: any node that hosts the class may have several activations of one key, and whichever is free takes the call. */
export function workerAddressing(maxPerNode = DEFAULT_MAX_PER_NODE): Addressing {
  return {
    hasKey: true,
    isHosted: true,
    isByAddress: false,
    isRegistered: false,
    belongsToNode: false,
    mayMove: true,
    keepsOrder: false,
    maxPerNode,
    activationPrefix: WORKER_PREFIX,
    route: (call, routes) => routes.toAnyHost(call),
  };
}
