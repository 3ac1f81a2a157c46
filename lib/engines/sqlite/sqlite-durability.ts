import type { StoredState } from '../../storage/stored-state';
import type { BatchOutcome } from './sqlite-batch';
import type { SqliteDatabase, SqliteStatement } from './sqlite-driver';
import type { SqliteLog } from './sqlite-log';
import type { SqliteBatch } from './sqlite-messages';
import { SHOWING_OPERATIONS, SYNCED_OPERATIONS } from './sqlite-operations';

/** What is told of a batch when it may be told. */
interface Untold {
  readonly tell: (error: Error | null) => void;
  /** The end of its transaction, and whatever that rests on, must be on the disk. */
  readonly mustSync: boolean;
}

/**
 * When what became of a batch is told. Transactions end without a sync, so that others have the lock meanwhile, and the log is synced behind them, for all that have ended by then: it is
 * synced as a whole, so that what is synced later carries all that was written before it. Nothing is told that rests on what a loss of power could take back: neither
 * a commit, nor what was read of commits, of this process or of others. Batches are told of in the order in which they were run.
 */
export class SqliteDurability {
  private untold: Untold[] = [];
  private isSyncing = false;
  /** After a sync that failed nothing is known of the log until all of it is in the file. */
  private isInDoubt = false;
  /** What the database says of the writes of others: now, and when the last sync began. */
  private readonly version: SqliteStatement;
  private syncedVersion: unknown;

  constructor(
    private readonly database: SqliteDatabase,
    private readonly log: SqliteLog,
  ) {
    database.exec('PRAGMA synchronous = NORMAL');
    this.version = database.prepare('PRAGMA data_version');
  }

  /** Is called before a transaction begins. @throws when a sync has failed, and the log could not be brought into the file since. */
  require(): void {
    if (!this.isInDoubt) return;
    const row = this.database.prepare('PRAGMA wal_checkpoint(TRUNCATE)').get();
    if (Number(row?.['busy']) !== 0) throw new Error('the log could not be synced');
    this.isInDoubt = false;
  }

  /** The batch was run: it is told of when it may be. @param tell is given the error of a sync that failed. */
  after(batch: SqliteBatch, outcomes: readonly BatchOutcome[], tell: (error: Error | null) => void): void {
    this.untold.push({ tell, mustSync: this.mustSync(batch, outcomes) });
  }

  /** A batch has changed nothing: that is told in its turn. */
  afterNothing(tell: () => void): void {
    this.untold.push({ tell, mustSync: false });
  }

  /** Has told what may be told, and a sync begun if the next one needs it: when all batches of a transaction are here, so that they share it. */
  tellNext(): void {
    if (this.isSyncing) return;
    while (this.untold[0]?.mustSync === false) this.untold.shift()?.tell(null);
    if (this.untold.length > 0) this.sync();
  }

  private sync(): void {
    const covered = this.untold.length;
    const version = this.presentVersion();
    this.isSyncing = true;
    this.log.sync((error) => {
      this.isSyncing = false;
      if (error === null) this.syncedVersion = version;
      else this.isInDoubt = true;
      // A sync that follows would succeed, though what this one was to write is lost.
      const ended = this.untold.splice(0, error === null ? covered : this.untold.length);
      for (const { tell, mustSync } of ended) tell(mustSync ? error : null);
      this.tellNext();
    });
  }

  private mustSync(batch: SqliteBatch, outcomes: readonly BatchOutcome[]): boolean {
    if (batch.some(({ name }) => SYNCED_OPERATIONS.has(name))) return true;
    const shows = batch.some(({ name }, index) => SHOWING_OPERATIONS.has(name) && !isOfNothing(outcomes[index]));
    // What this process has committed itself stands before it, and is synced before.
    return shows && this.presentVersion() !== this.syncedVersion;
  }

  private presentVersion(): unknown {
    return this.version.get()?.['data_version'];
  }
}

/** Of an actor that was never written, which no loss of power changes. */
function isOfNothing(outcome: BatchOutcome | undefined): boolean {
  if (outcome === undefined || 'error' in outcome) return true;
  return outcome.answer === undefined || (outcome.answer as Partial<StoredState>).version === 0;
}
