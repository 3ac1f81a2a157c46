import { parentPort, workerData } from 'node:worker_threads';
import { describeError } from '../../serialization/error-codec';
import { openSqlite, type SqliteDatabase } from './sqlite-driver';
import type { SqliteBatch, SqliteThreadData, SqliteThreadMessage } from './sqlite-messages';
import { READ_OPERATIONS, SqliteOperations } from './sqlite-operations';
import { prepareSchema } from './sqlite-schema';

/** The thread in which a process uses its database: each message is a batch, and each batch one transaction. */
function serve(): void {
  const { file, busyTimeoutMs } = workerData as SqliteThreadData;
  const say = (message: SqliteThreadMessage) => parentPort?.postMessage(message);
  let database: SqliteDatabase;
  try {
    database = openSqlite(file, busyTimeoutMs);
    prepareSchema(database, file);
  } catch (error) {
    say({ kind: 'failed', error: describeError(error) });
    return;
  }
  const operations = new SqliteOperations(database);
  parentPort?.on('message', (batch: SqliteBatch | 'close') => {
    if (batch === 'close') {
      database.close();
      parentPort?.close();
      return;
    }
    try {
      say({ kind: 'answers', answers: runBatch(database, operations, batch) });
    } catch (error) {
      say({ kind: 'failed', error: describeError(error) });
    }
  });
  say({ kind: 'open' });
}

function runBatch(database: SqliteDatabase, operations: SqliteOperations, batch: SqliteBatch): readonly unknown[] {
  const onlyReads = batch.every(({ name }) => READ_OPERATIONS.has(name));
  // Taking the write lock at the start waits for it in one place; taking it later could fail in the middle.
  database.exec(onlyReads ? 'BEGIN' : 'BEGIN IMMEDIATE');
  try {
    const answers = batch.map(({ name, request }) => operations.run(name, request as never));
    database.exec('COMMIT');
    return answers;
  } catch (error) {
    rollBack(database);
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

serve();
