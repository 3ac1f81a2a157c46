import type { ContainerModule } from '../injection/container-module';
import { SQLITE_OPTIONS, type SqliteOptions } from './sqlite-options';
import type * as SqliteParts from './sqlite-parts';

/**
 * State, membership and directory in SQLite: a cluster of processes on one machine. Every acknowledged write was
 * synced to the disk. Needs Node.js 22.13 or the package `libsql`.
 * @throws MoonpoolError INVALID_OPTION
 */
export function sqlite(options: SqliteOptions): ContainerModule {
  SQLITE_OPTIONS.check('sqlite', options);
  // The engine is loaded where it is used, for whoever uses another need not wait for it.
  const { bindSqlite } = require('./sqlite-parts') as typeof SqliteParts;
  return { name: 'sqlite', load: (bind) => bindSqlite(bind, options) };
}
