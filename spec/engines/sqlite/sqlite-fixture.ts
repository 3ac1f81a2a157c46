import type { ActorDirectory, MembershipStore, StateStorage } from 'moonpool/modules';
import { SqliteConnection } from '../../../lib/engines/sqlite/sqlite-connection';
import { sqliteDirectory, sqliteMembership, sqliteStateStorage } from '../../../lib/engines/sqlite/sqlite-stores';

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

  get storage(): StateStorage {
    return sqliteStateStorage(this.states);
  }

  get directory(): ActorDirectory {
    return sqliteDirectory(this.states);
  }

  membership(cluster = 'spec'): MembershipStore {
    return sqliteMembership(this.members, cluster);
  }

  async close(): Promise<void> {
    await Promise.all([this.states.stop(), this.members.stop()]);
  }
}
