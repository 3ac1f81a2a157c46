import type { MoonpoolError } from '../errors/moonpool-error';
import type { DeactivationReason } from '../actor/deactivation-reason';

/** Why an activation ends that has asked for it. */
export const REQUESTED: DeactivationReason = { code: 'requested', description: 'the actor asked for it' };

/** Why one ends that another node is to take over. */
export const MIGRATING: DeactivationReason = { code: 'migrating', description: 'the actor moves to another node' };

/** Why actors are deactivated at the end of their node. */
export const SHUTTING_DOWN: DeactivationReason = { code: 'shutting-down', description: 'the node is shutting down' };

/** What it holds in memory may not be what is stored. */
export function fencedBy(failure: MoonpoolError): DeactivationReason {
  return { code: 'fenced', description: failure.message, error: failure };
}
