import type { NodeId } from '../identity/node-id';
import { moveTarget, type MoveTarget } from '../migration/migration-requests';
import { optionTable } from '../options/option-table';

/** How an actor is moved. */
export interface MigrateOptions {
  /** The node that takes it over, or the address on which it listens. Default: one of the others, by the placement of its class. */
  readonly to?: NodeId | string;
}

export const MIGRATE_OPTIONS = optionTable<MigrateOptions>({ to: moveTarget });

/** Where the actor is to go; undefined where placement chooses. @throws MoonpoolError INVALID_OPTION */
export function moveTargetOf(options: MigrateOptions): MoveTarget | undefined {
  MIGRATE_OPTIONS.check('migrate', options);
  return options.to;
}
