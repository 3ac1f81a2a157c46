import type { ActorDirectory, DIRECTORY_OPERATIONS, Registration } from '../../directory/actor-directory';
import type { SynchronousOperations } from '../../providers/store-operations';
import { isSealed, sealOf, spoiled } from './sqlite-seal';
import type { Row, SqliteStatements } from './sqlite-statements';

/** Registrations in terms of SQL. */
export class SqliteRegistrations implements SynchronousOperations<ActorDirectory, typeof DIRECTORY_OPERATIONS> {
  constructor(private readonly sql: SqliteStatements) {}

  /** @throws MoonpoolError STORAGE_CORRUPT */
  lookup(actor: string): Registration | undefined {
    const row = this.sql.get('SELECT * FROM registration WHERE actor = ?', actor);
    if (row === undefined) return undefined;
    const found = registration(row);
    if (!isSealed(row['seal'], ...partsOf(found))) throw spoiled(`registration of ${actor}`);
    return found;
  }

  /** @throws MoonpoolError STORAGE_CORRUPT */
  register(candidate: Registration, replaces?: string): Registration {
    const parts = partsOf(candidate);
    const changed = this.sql.run(
      `INSERT INTO registration (actor, activation, node_name, node_incarnation, address, seal) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (actor) DO UPDATE SET
       activation = excluded.activation, node_name = excluded.node_name, node_incarnation = excluded.node_incarnation, address = excluded.address,
       seal = excluded.seal WHERE activation = ?`,
      ...parts,
      sealOf(...parts),
      replaces ?? null,
    );
    return changed === 1 ? candidate : (this.lookup(candidate.actor) as Registration);
  }

  unregister(actor: string, activation: string): void {
    this.sql.run('DELETE FROM registration WHERE actor = ? AND activation = ?', actor, activation);
  }
}

function registration(row: Row): Registration {
  return {
    actor: String(row['actor']),
    activation: String(row['activation']),
    node: { name: String(row['node_name']), incarnation: Number(row['node_incarnation']) },
    address: String(row['address']),
  };
}

function partsOf({
  actor,
  activation,
  node,
  address,
}: Registration): readonly [string, string, string, number, string] {
  return [actor, activation, node.name, node.incarnation, address];
}
