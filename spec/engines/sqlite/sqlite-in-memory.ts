import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { StoreEngines } from 'moonpool/simulation';
import { runBatch, type BatchedDatabase } from '../../../lib/engines/sqlite/sqlite-batch';
import { SqliteDirectory } from '../../../lib/engines/sqlite/sqlite-directory';
import { openSqlite, type SqliteDatabase } from '../../../lib/engines/sqlite/sqlite-driver';
import { SqliteMemberOperations } from '../../../lib/engines/sqlite/sqlite-member-operations';
import { SqliteMembershipStore } from '../../../lib/engines/sqlite/sqlite-membership-store';
import type {
  SqliteAnswers,
  SqliteExecutor,
  SqliteOperationName,
  SqliteRequests,
} from '../../../lib/engines/sqlite/sqlite-operations';
import { prepareMembers, prepareStates } from '../../../lib/engines/sqlite/sqlite-schema';
import { SqliteStateOperations } from '../../../lib/engines/sqlite/sqlite-state-operations';
import { SqliteStateStorage } from '../../../lib/engines/sqlite/sqlite-state-storage';

const MEMORY = ':memory:';

/** The operations of the engine and its SQL as they are, on two databases in memory in place of a thread and files: for simulations. */
export function sqliteInMemory(): StoreEngines {
  const states = openSqlite(MEMORY, 0);
  prepareStates(states, MEMORY);
  const members = membersInMemory();
  const forStates = new InMemoryExecutor(states, new SqliteStateOperations(states));
  const forMembers = new InMemoryExecutor(members, new SqliteMemberOperations(members));
  return {
    storage: new SqliteStateStorage(forStates),
    directory: new SqliteDirectory(forStates),
    membership: new SqliteMembershipStore(forMembers, 'simulation'),
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

  constructor(database: BatchedDatabase['database'], operations: object) {
    const table = operations as Readonly<Record<SqliteOperationName, (request: unknown) => unknown>>;
    this.target = { database, file: MEMORY, busyTimeoutMs: 0, run: (name, request) => table[name](request) };
  }

  async run<N extends SqliteOperationName>(name: N, request: SqliteRequests[N]): Promise<SqliteAnswers[N]> {
    const [outcome] = runBatch(this.target, [{ name, request }]);
    if (outcome === undefined) throw new Error('The batch has no outcome.');
    if ('error' in outcome) throw outcome.error;
    return outcome.answer as SqliteAnswers[N];
  }
}
