import type { NodeId } from '../identity/node-id';
import { moveTarget } from '../migration/migration-requests';
import { optionTable } from '../options/option-table';

/** How an actor is moved. */
export interface MigrateOptions {
  /** The node that takes it over, or the address on which it listens. Default: one of the others, by the placement of its class. */
  readonly to?: NodeId | string;
}

export const MIGRATE_OPTIONS = optionTable<MigrateOptions>({ to: moveTarget });
