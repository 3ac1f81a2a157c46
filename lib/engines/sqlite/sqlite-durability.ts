import type { SqliteDatabase } from './sqlite-driver';
import type { SqliteBatch } from './sqlite-messages';
import { READ_OPERATIONS, SYNCED_OPERATIONS } from './sqlite-operations';

/**
 * How a batch is committed: synced to the disk, or only written, which survives every death of a process and not a loss of power. The log of a
 * database is synced as a whole, so that what is synced later carries all that was written before it.
 */
export class SqliteDurability {
  /** As the database is opened. */
  private isSynced = true;

  constructor(private readonly database: SqliteDatabase) {}

  /** Is told of a batch before its transaction begins. */
  set(batch: SqliteBatch): void {
    if (batch.every(({ name }) => READ_OPERATIONS.has(name))) return;
    const isSynced = batch.some(({ name }) => SYNCED_OPERATIONS.has(name));
    if (isSynced === this.isSynced) return;
    this.database.exec(`PRAGMA synchronous = ${isSynced ? 'FULL' : 'NORMAL'}`);
    this.isSynced = isSynced;
  }
}
