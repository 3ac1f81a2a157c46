import { SqliteDurability } from '../../lib/engines/sqlite/sqlite-durability';
import type { SqliteDatabase } from '../../lib/engines/sqlite/sqlite-driver';

/**
 * Loaded with `--require` before a node, and so in the thread of its database too: no batch waits for the disk, as in an application whose author has
 * set `synchronous` to what this file is given. Campaigns that find nothing lost with it would find nothing at all.
 */
const level = process.env['DURABILITY_SYNCHRONOUS'] ?? 'OFF';

/** What says that a batch waits for the disk. */
const MEMBER = 'mustSync';
const proper: unknown = Object.getOwnPropertyDescriptor(SqliteDurability.prototype, MEMBER)?.value;
if (typeof proper !== 'function') throw new Error(`There is no ${MEMBER} any more: nothing would be careless.`);

Object.assign(SqliteDurability.prototype, {
  [MEMBER](this: { readonly database: SqliteDatabase; isSet?: boolean }): boolean {
    if (this.isSet !== true) this.database.exec(`PRAGMA synchronous = ${level}`);
    this.isSet = true;
    return false;
  },
});
