import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
import type { TimeProvider } from '../../providers/time-provider';

/** Below how many milliseconds for a sync, as syncs usually are, the thread waits for it itself: handing it to another thread and back costs a tenth of a millisecond or more. */
const SHORT_MS = 0.5;
/** How much the last sync counts for what is usual. */
const WEIGHT_OF_LAST = 1 / 8;

/** The ways to sync a file. */
export interface DiskSync {
  /** Returns when it is done. @throws when it fails. */
  inPlace(descriptor: number): void;
  /** Calls back when another thread has done it. */
  aside(descriptor: number, done: (error: Error | null) => void): void;
}

const DISK: DiskSync = { inPlace: fdatasyncSync, aside: fdatasync };

/**
 * The log beside a database. A transaction is in it when its commit has returned; a sync of it carries all that was written before. It has no locks of SQLite's, so that
 * it may be opened and closed beside it.
 */
export class SqliteLog {
  private readonly descriptor: number;
  /** How long a sync takes, in milliseconds. */
  private usualMs = 0;

  /**
   * @param file of the database, whose log is there.
   * @param time says how long a sync took.
   * @param disk how it is synced. Default: by the system.
   */
  constructor(
    file: string,
    private readonly time: Pick<TimeProvider, 'now'>,
    private readonly disk: DiskSync = DISK,
  ) {
    this.descriptor = openSync(`${file}-wal`, 'r+');
  }

  /**
   * Calls back when all is on the disk that is in the log now: before it returns where the disk is quick, and later where it is not, so that the thread goes on
   * meanwhile.
   */
  sync(done: (error: Error | null) => void): void {
    const { disk, descriptor } = this;
    const startedAt = this.time.now();
    if (this.usualMs >= SHORT_MS) {
      disk.aside(descriptor, (error) => {
        this.took(this.time.now() - startedAt);
        done(error);
      });
      return;
    }
    const error = failureOf(() => disk.inPlace(descriptor));
    this.took(this.time.now() - startedAt);
    done(error);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private took(ms: number): void {
    this.usualMs += (ms - this.usualMs) * WEIGHT_OF_LAST;
  }
}

function failureOf(action: () => void): Error | null {
  try {
    action();
    return null;
  } catch (error) {
    return error as Error;
  }
}
