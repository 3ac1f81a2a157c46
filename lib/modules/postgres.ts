import type { ContainerModule } from '../injection/container-module';
import { POSTGRES_OPTIONS, type PostgresOptions } from './postgres-options';
import type * as PostgresParts from './postgres-parts';

/**
 * State, membership and directory in PostgreSQL: a cluster of processes on any machines. Every acknowledged write was made durable by the
 * server. Needs the package `pg`.
 * @throws MoonpoolError INVALID_OPTION
 */
export function postgres(options: PostgresOptions): ContainerModule {
  POSTGRES_OPTIONS.check('postgres', options);
  return { name: 'postgres', load: (bind) => parts().bindPostgres(bind, options) };
}

/**
 * Makes the schema and the tables, or brings them to the version of this release, as a step of a deployment of its own: nodes then need no right to
 * make tables. Does nothing when all is there.
 * @param options of a user who may make tables.
 * @throws MoonpoolError INVALID_OPTION, MISSING_PACKAGE, STORAGE_UNAVAILABLE, STORAGE_UNSUITABLE, STORAGE_NOT_DURABLE, STORAGE_TOO_NEW, STORAGE_READ_ONLY
 */
export async function preparePostgres(options: PostgresOptions): Promise<void> {
  POSTGRES_OPTIONS.check('preparePostgres', options);
  await parts().prepareTables(options);
}

/** The engine is loaded where it is used. */
function parts(): typeof PostgresParts {
  return require('./postgres-parts') as typeof PostgresParts;
}
