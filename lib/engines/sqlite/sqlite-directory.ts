import type { ActorDirectory, Registration } from '../../directory/actor-directory';
import type { SqliteExecutor } from './sqlite-operations';

/** The directory in SQLite. */
export class SqliteDirectory implements ActorDirectory {
  constructor(private readonly connection: SqliteExecutor) {}

  lookup(actor: string): Promise<Registration | undefined> {
    return this.connection.run('lookupActor', { actor });
  }

  register(candidate: Registration, replaces?: string): Promise<Registration> {
    return this.connection.run('registerActor', { candidate, replaces });
  }

  unregister(actor: string, activation: string): Promise<void> {
    return this.connection.run('unregisterActor', { actor, activation });
  }
}
