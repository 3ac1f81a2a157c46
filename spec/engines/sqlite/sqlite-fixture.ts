import { SqliteConnection } from '../../../lib/engines/sqlite/sqlite-connection';
import { SqliteDirectory } from '../../../lib/engines/sqlite/sqlite-directory';
import { SqliteMembershipStore } from '../../../lib/engines/sqlite/sqlite-membership-store';
import { SqliteStateStorage } from '../../../lib/engines/sqlite/sqlite-state-storage';

/** Both files of a database, opened as a process opens them. */
export class OpenSqlite {
  private constructor(
    private readonly states: SqliteConnection,
    private readonly members: SqliteConnection,
  ) {}

  static async open(file: string, busyTimeoutMs = 5_000): Promise<OpenSqlite> {
    const states = new SqliteConnection({ file, part: 'states', busyTimeoutMs });
    await states.start();
    const members = new SqliteConnection({ file, part: 'members', busyTimeoutMs });
    await members.start();
    return new OpenSqlite(states, members);
  }

  get storage(): SqliteStateStorage {
    return new SqliteStateStorage(this.states);
  }

  get directory(): SqliteDirectory {
    return new SqliteDirectory(this.states);
  }

  membership(cluster = 'spec'): SqliteMembershipStore {
    return new SqliteMembershipStore(this.members, cluster);
  }

  async close(): Promise<void> {
    await Promise.all([this.states.stop(), this.members.stop()]);
  }
}
