import { closeSync, fdatasync, openSync } from 'node:fs';

/**
 * The log beside a database. A transaction is in it when its commit has returned; a sync of it carries all that was written before. It has no locks of SQLite's, so that
 * it may be opened and closed beside it.
 */
export class SqliteLog {
  private readonly descriptor: number;

  /** @param file of the database, whose log is there. */
  constructor(file: string) {
    this.descriptor = openSync(`${file}-wal`, 'r+');
  }

  /** Calls back when all is on the disk that is in the log now. */
  sync(done: (error: Error | null) => void): void {
    fdatasync(this.descriptor, done);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
