export { postgres, preparePostgres } from './lib/modules/postgres';
export type { PostgresOptions } from './lib/modules/postgres-options';
export type { PostgresAddress } from './lib/engines/postgres/postgres-place';
export type { PostgresClient, PostgresPool, PostgresQuery } from './lib/engines/postgres/postgres-driver';
export type { PostgresDurability } from './lib/engines/postgres/postgres-inspection';
