import type { MoonpoolError } from '../../errors/moonpool-error';
import type { OperationServer } from '../../providers/store-operations';
import type { SqliteDatabase } from './sqlite-driver';
import { isBusy, sqliteFailure } from './sqlite-failure';
import type { SqliteBatch } from './sqlite-messages';
import { ATTEMPT_MS, patiently } from './sqlite-patience';
import { READ_OPERATIONS, type AskedOperation } from './sqlite-operations';

/** What became of one operation of a batch. */
export type BatchOutcome = { readonly answer: unknown } | { readonly error: MoonpoolError };

/** A database in which batches are run. */
export interface BatchedDatabase {
  readonly database: SqliteDatabase;
  /** For messages. */
  readonly file: string;
  /** How long a transaction waits while others hold the lock, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** Runs one operation inside the present transaction. */
  readonly run: OperationServer;
  /** Whoever runs the operations, where it wants to know of what becomes of transactions. */
  readonly housekeeping?: Housekeeping;
}

/** What whoever runs operations does besides. */
export interface Housekeeping {
  /** What the operations of a transaction have written is undone. */
  undone(): void;
  /** There may be something to tidy up. */
  readonly isUntidy: boolean;
  /** Tidies up, in a transaction of its own, for which nobody waits. */
  tidy(): void;
}

/**
 * Runs the operations of a batch in one transaction. When one of them fails they are all undone and run again, each in a transaction of its
 * own, so that what is wrong with one, such as a spoiled page under it, is told to that one alone.
 * @param more is asked, once the lock of the file is there, for what has come meanwhile: it joins the transaction, and its outcomes follow.
 * @throws MoonpoolError when none of them was done: the lock of the file was not to be had.
 */
export function runBatch(
  target: BatchedDatabase,
  batch: SqliteBatch,
  more: () => SqliteBatch = nothingMore,
): readonly BatchOutcome[] {
  const operations = [...batch];
  try {
    return runTogether(target, operations, more).map((answer) => ({ answer }));
  } catch (error) {
    if (isBusy(error) || operations.length === 1) throw sqliteFailure(error, target.file);
  }
  return runEach(target, operations);
}

function nothingMore(): SqliteBatch {
  return [];
}

function runEach(target: BatchedDatabase, batch: SqliteBatch): readonly BatchOutcome[] {
  let busy: MoonpoolError | undefined;
  return batch.map((operation) => {
    if (busy !== undefined) return { error: busy };
    try {
      return { answer: runTogether(target, [operation])[0] };
    } catch (error) {
      const failure = sqliteFailure(error, target.file);
      // Each of those that follow would wait as long for the same lock.
      if (isBusy(error)) busy = failure;
      return { error: failure };
    }
  });
}

function runTogether(
  target: BatchedDatabase,
  operations: AskedOperation[],
  more: () => SqliteBatch = nothingMore,
): readonly unknown[] {
  const onlyReads = operations.every(({ name }) => READ_OPERATIONS.has(name));
  const join = onlyReads ? () => undefined : () => void operations.push(...more());
  const attempt = (): readonly unknown[] => {
    // What has come is made ready while the lock is waited for, and not while others wait for it.
    join();
    return transact(target, operations, { begin: onlyReads ? 'BEGIN' : 'BEGIN IMMEDIATE', join });
  };
  return patiently(target.busyTimeoutMs, attempt, ATTEMPT_MS);
}

/** Tidies up where that is to be done; when somebody holds the lock, or it fails, another time. */
export function tidyUp({ database, housekeeping }: BatchedDatabase): void {
  if (housekeeping?.isUntidy !== true) return;
  try {
    database.exec('BEGIN IMMEDIATE');
    housekeeping.tidy();
    database.exec('COMMIT');
  } catch {
    rollBack(database);
    housekeeping.undone();
  }
}

/** How a transaction begins: one that writes takes the lock at once, for to take it later could fail in the middle; then what has come meanwhile joins it. */
interface Beginning {
  readonly begin: 'BEGIN' | 'BEGIN IMMEDIATE';
  readonly join: () => void;
}

function transact(
  { database, run, housekeeping }: BatchedDatabase,
  operations: readonly AskedOperation[],
  { begin, join }: Beginning,
): readonly unknown[] {
  database.exec(begin);
  try {
    join();
    const answers = operations.map(({ name, args }) => run(name, args));
    database.exec('COMMIT');
    return answers;
  } catch (error) {
    rollBack(database);
    housekeeping?.undone();
    throw error;
  }
}

function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch {
    // SQLite rolled back by itself, as it does after some failures.
  }
}
