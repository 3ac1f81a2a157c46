import type { StateStorage, StateWrite, StoredState, WriteOutcome } from '../../persistence/state-storage';
import type { SqliteExecutor } from './sqlite-operations';

/** State of actors in SQLite. */
export class SqliteStateStorage implements StateStorage {
  constructor(private readonly connection: SqliteExecutor) {}

  claim(actor: string): Promise<StoredState> {
    return this.connection.run('claimState', { actor });
  }

  write(write: StateWrite): Promise<WriteOutcome> {
    // A view would be sent to the thread with the whole buffer behind it.
    return this.connection.run('writeState', { ...write, data: Uint8Array.from(write.data) });
  }

  read(actor: string): Promise<StoredState | undefined> {
    return this.connection.run('readState', { actor });
  }
}
