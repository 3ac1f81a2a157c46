import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import { NodeTimeProvider } from '../../providers/node/node-time-provider';
import { OpenFile } from '../../providers/node/open-file';
import { serverOf } from '../../providers/store-operations';
import { packError } from '../../serialization/error-codec';
import { DatabaseFile } from './database-file';
import { openSqlite, type SqliteDatabase } from './sqlite-driver';
import { SqliteAges } from './sqlite-ages';
import { SqliteDurability } from './sqlite-durability';
import { sqliteFailure } from './sqlite-failure';
import { SqliteGroup, type ServedDatabase } from './sqlite-group';
import { fileOf } from './sqlite-files';
import { SqliteLog } from './sqlite-log';
import { SqliteMemberOperations } from './sqlite-member-operations';
import type { SqliteThreadData, SqliteThreadMessage } from './sqlite-messages';
import { MEMBERS_TABLE, STATES_TABLE } from './sqlite-operations';
import type { PackedBatch } from './sqlite-packed-batch';
import { ATTEMPT_MS } from './sqlite-patience';
import { prepareMembers, prepareStates } from './sqlite-schema';
import { SqliteStateOperations } from './sqlite-state-operations';

/** The thread in which a process uses a database: each message is a batch. */
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
  const log = new SqliteLog(served.file, new NodeTimeProvider());
  const group = new SqliteGroup(served, new SqliteDurability(served.database, log), say);
  parentPort?.on('message', (message: PackedBatch | 'close') => {
    if (message !== 'close') {
      group.run(message, nextBatch);
      return;
    }
    log.close();
    served.database.close();
    parentPort?.close();
  });
  say({ kind: 'open' });
}

function open(setting: SqliteThreadData): ServedDatabase {
  const file = fileOf(setting.file, setting.part);
  const database = openSqlite(file, setting.busyTimeoutMs);
  const served = openTables(database, file, setting);
  // From now on this thread waits by itself.
  database.exec(`PRAGMA busy_timeout = ${ATTEMPT_MS}`);
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
    const operations = new SqliteStateOperations(database, () => time.wallClock(), new SqliteAges(time));
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
  return [new DatabaseFile(file), new OpenFile(`${file}-wal`)];
}

/** What has come meanwhile; undefined: nothing has. Who closes waits for all answers first. */
function nextBatch(): PackedBatch | undefined {
  return parentPort === null ? undefined : (receiveMessageOnPort(parentPort)?.message as PackedBatch | undefined);
}

serve();
