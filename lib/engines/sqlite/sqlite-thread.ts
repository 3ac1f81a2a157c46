import { parentPort, workerData } from 'node:worker_threads';
import { NodeTimeProvider } from '../../providers/node/node-time-provider';
import { OpenFile } from '../../providers/node/open-file';
import { serverOf } from '../../providers/store-operations';
import type { CommitOutcome } from '../../storage/state-commit';
import { packError } from '../../serialization/error-codec';
import { runBatch, tidyUp, type BatchedDatabase, type BatchOutcome } from './sqlite-batch';
import { openSqlite, type SqliteDatabase } from './sqlite-driver';
import { SqliteDurability } from './sqlite-durability';
import { sqliteFailure } from './sqlite-failure';
import { fileOf } from './sqlite-files';
import { SqliteLog } from './sqlite-log';
import { SqliteMemberOperations } from './sqlite-member-operations';
import type { SqliteThreadData, SqliteThreadMessage, ToldOutcome } from './sqlite-messages';
import { MEMBERS_TABLE, STATES_TABLE } from './sqlite-operations';
import { unpackBatch, type PackedBatch } from './sqlite-packed-batch';
import { prepareMembers, prepareStates } from './sqlite-schema';
import { SqliteStateOperations } from './sqlite-state-operations';

/** An open database, and what is done with it. */
interface ServedDatabase extends BatchedDatabase {
  /** The file, and that beside it without which it means nothing. */
  readonly files: readonly OpenFile[];
}

/** The thread in which a process uses a database: each message is a batch, and each batch one transaction. */
function serve(): void {
  const setting = workerData as SqliteThreadData;
  const say = (message: SqliteThreadMessage) => parentPort?.postMessage(message);
  let served: ServedDatabase;
  try {
    served = open(setting);
  } catch (error) {
    say({
      kind: 'failed',
      error: packError(sqliteFailure(error, fileOf(setting.file, setting.part), 'could not be opened')),
    });
    return;
  }
  const log = new SqliteLog(served.file);
  const durability = new SqliteDurability(served.database, log);
  parentPort?.on('message', (message: PackedBatch | 'close') => {
    if (message === 'close') {
      log.close();
      served.database.close();
      parentPort?.close();
      return;
    }
    const fail = (error: unknown): void => say({ kind: 'failed', error: packError(sqliteFailure(error, served.file)) });
    const batch = unpackBatch(message);
    try {
      durability.require();
      const outcomes = runBatch(served, batch);
      durability.after(batch, outcomes, (error) => {
        if (error === null) tell(outcomes);
        else fail(error);
      });
    } catch (error) {
      durability.afterNothing(() => fail(error));
    }
    tidyUp(served);
  });
  const tell = (outcomes: readonly BatchOutcome[]): void => {
    try {
      // Looked at afterwards: what went into a file that nobody will open again is told to nobody as done.
      for (const file of served.files) file.require();
      say({ kind: 'outcomes', outcomes: outcomes.map(toldOutcome) });
    } catch (error) {
      say({ kind: 'failed', error: packError(sqliteFailure(error, served.file)) });
    }
  };
  say({ kind: 'open' });
}

function open(setting: SqliteThreadData): ServedDatabase {
  const file = fileOf(setting.file, setting.part);
  const database = openSqlite(file, setting.busyTimeoutMs);
  const served = openTables(database, file, setting);
  // From now on this thread waits by itself.
  database.exec('PRAGMA busy_timeout = 0');
  return served;
}

function openTables(
  database: SqliteDatabase,
  file: string,
  { file: statesFile, part, busyTimeoutMs }: SqliteThreadData,
): ServedDatabase {
  // While this process has the database open, nobody but a stranger removes what belongs to it.
  const files = openFiles(file);
  if (part === 'states') {
    prepareStates(database, file);
    const time = new NodeTimeProvider();
    // All processes of a machine have one wall clock, and all that share the file are of one machine.
    const operations = new SqliteStateOperations(database, () => time.wallClock());
    return { database, file, busyTimeoutMs, files, run: serverOf(STATES_TABLE, operations), housekeeping: operations };
  }
  const besides = fileOf(statesFile, 'states');
  prepareMembers(database, file, besides);
  const operations = new SqliteMemberOperations(database);
  return {
    database,
    file,
    busyTimeoutMs,
    files: [...files, ...openFiles(besides)],
    run: serverOf(MEMBERS_TABLE, operations),
  };
}

/** What was written lies in the log of a database until it is copied into the file. */
function openFiles(file: string): readonly OpenFile[] {
  return [new OpenFile(file), new OpenFile(`${file}-wal`)];
}

function toldOutcome(outcome: BatchOutcome): ToldOutcome {
  if ('error' in outcome) return { error: packError(outcome.error) };
  const { kind, version } = (outcome.answer ?? {}) as Partial<Extract<CommitOutcome, { readonly version: number }>>;
  return kind === 'accepted' && version !== undefined ? version : outcome;
}

serve();
