import { SqliteDurability } from '../../lib/engines/sqlite/sqlite-durability';
import type { SqliteDatabase } from '../../lib/engines/sqlite/sqlite-driver';

/**
 * Loaded with `--require` before a node, and so in the thread of its database too: no batch waits for the disk, as in an application whose author has
 * set `synchronous` to what this file is given. Campaigns that find nothing lost with it would find nothing at all.
 */
const level = process.env['DURABILITY_SYNCHRONOUS'] ?? 'OFF';

Object.assign(SqliteDurability.prototype, {
  set(this: { readonly database: SqliteDatabase }): void {
    this.database.exec(`PRAGMA synchronous = ${level}`);
  },
});
