import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreEngines } from 'moonpool/simulation';
import { runBatch, tidyUp, type BatchedDatabase, type Housekeeping } from '../../../lib/engines/sqlite/sqlite-batch';
import { openSqlite, type SqliteDatabase } from '../../../lib/engines/sqlite/sqlite-driver';
import { SqliteMemberOperations } from '../../../lib/engines/sqlite/sqlite-member-operations';
import { MEMBERS_TABLE, STATES_TABLE, type SqliteExecutor } from '../../../lib/engines/sqlite/sqlite-operations';
import { serverOf, type OperationServer } from '../../../lib/providers/store-operations';
import { prepareMembers, prepareStates } from '../../../lib/engines/sqlite/sqlite-schema';
import { SqliteStateOperations } from '../../../lib/engines/sqlite/sqlite-state-operations';
import { sqliteDirectory, sqliteMembership, sqliteStateStorage } from '../../../lib/engines/sqlite/sqlite-stores';

const MEMORY = ':memory:';
/** So few events and answers are gathered before they are moved that simulations see it happen. */
const OFTEN = 8;

/** The operations of the engine and its SQL as they are, on two databases in memory in place of a thread and files: for simulations. */
export function sqliteInMemory(now: () => number): StoreEngines {
  const states = openSqlite(MEMORY, 0);
  prepareStates(states, MEMORY);
  const members = membersInMemory();
  const operations = new SqliteStateOperations(states, now, undefined, OFTEN);
  const forStates = new InMemoryExecutor(states, serverOf(STATES_TABLE, operations), operations);
  const forMembers = new InMemoryExecutor(members, serverOf(MEMBERS_TABLE, new SqliteMemberOperations(members)));
  return {
    storage: sqliteStateStorage(forStates),
    directory: sqliteDirectory(forStates),
    membership: sqliteMembership(forMembers, 'simulation'),
    close() {
      states.close();
      members.close();
    },
  };
}

/** New members look once for those of an older version, in the file of the states: they find a file without any. */
function membersInMemory(): SqliteDatabase {
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-sqlite-'));
  try {
    const empty = join(folder, 'empty.db');
    const states = openSqlite(empty, 0);
    prepareStates(states, empty);
    states.close();
    const members = openSqlite(MEMORY, 0);
    prepareMembers(members, MEMORY, empty);
    return members;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

class InMemoryExecutor implements SqliteExecutor {
  private readonly target: BatchedDatabase;

  constructor(database: SqliteDatabase, run: OperationServer, housekeeping?: Housekeeping) {
    this.target = {
      database,
      file: MEMORY,
      busyTimeoutMs: 0,
      run,
      ...(housekeeping === undefined ? {} : { housekeeping }),
    };
  }

  async run(name: string, args: readonly unknown[]): Promise<unknown> {
    const [outcome] = runBatch(this.target, [{ name, args }]);
    tidyUp(this.target);
    if (outcome === undefined) throw new Error('The batch has no outcome.');
    if ('error' in outcome) throw outcome.error;
    return outcome.answer;
  }
}
