import type { ActorDirectory, Registration } from '../../directory/actor-directory';
import { MoonpoolError } from '../../errors/moonpool-error';
import type { StateStorage, StateWrite, StoredState, WriteOutcome } from '../../storage/state-storage';
import type { SynchronousOperations } from '../../providers/store-operations';
import type { SqliteDatabase } from './sqlite-driver';
import type { STATES_TABLE } from './sqlite-operations';
import { isSealed, sealOf } from './sqlite-seal';
import { SqliteStatements, type Row } from './sqlite-statements';

/** States and registrations in terms of SQL. Each operation runs inside a transaction that others may share. */
export class SqliteStateOperations implements SynchronousOperations<
  StateStorage & ActorDirectory,
  typeof STATES_TABLE
> {
  private readonly sql: SqliteStatements;

  constructor(database: SqliteDatabase) {
    this.sql = new SqliteStatements(database);
  }

  claim(actor: string): StoredState {
    const { sql } = this;
    const present = this.read(actor);
    if (present === undefined) {
      sql.run(
        "INSERT INTO actor_state (actor, epoch, version, write_id, data, seal) VALUES (?, 1, 0, '', NULL, ?)",
        actor,
        sealOf(actor, 1, 0, ''),
      );
      return { epoch: 1, version: 0, writeId: '', data: undefined };
    }
    const claimed = { ...present, epoch: present.epoch + 1 };
    sql.run(
      'UPDATE actor_state SET epoch = ?, seal = ? WHERE actor = ?',
      claimed.epoch,
      sealOf(actor, claimed.epoch, claimed.version, claimed.writeId),
      actor,
    );
    return claimed;
  }

  write({ actor, epoch, version, writeId, data }: StateWrite): WriteOutcome {
    const changed = this.sql.run(
      'UPDATE actor_state SET version = version + 1, write_id = ?, data = ?, seal = ? WHERE actor = ? AND epoch = ? AND version = ?',
      ...[writeId, data, sealOf(actor, epoch, version + 1, writeId)],
      ...[actor, epoch, version],
    );
    if (changed === 1) return { kind: 'accepted', version: version + 1 };
    const present = this.read(actor) ?? { epoch: 0, version: 0, writeId: '' };
    if (present.epoch !== epoch) return { kind: 'fenced', epoch: present.epoch };
    return { kind: 'conflict', version: present.version, writeId: present.writeId };
  }

  /** @throws MoonpoolError STORAGE_CORRUPT */
  read(actor: string): StoredState | undefined {
    const row = this.sql.get('SELECT epoch, version, write_id, data, seal FROM actor_state WHERE actor = ?', actor);
    if (row === undefined) return undefined;
    const state = storedState(row);
    if (!isSealed(row['seal'], actor, state.epoch, state.version, state.writeId)) throw spoiled('state', actor);
    return state;
  }

  /** @throws MoonpoolError STORAGE_CORRUPT */
  lookup(actor: string): Registration | undefined {
    const row = this.sql.get('SELECT * FROM registration WHERE actor = ?', actor);
    if (row === undefined) return undefined;
    const found = registration(row);
    if (!isSealed(row['seal'], ...partsOf(found))) throw spoiled('registration', actor);
    return found;
  }

  register(candidate: Registration, replaces?: string): Registration {
    const parts = partsOf(candidate);
    this.sql.run(
      `INSERT INTO registration (actor, activation, node_name, node_incarnation, address, seal) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (actor) DO UPDATE SET
       activation = excluded.activation, node_name = excluded.node_name, node_incarnation = excluded.node_incarnation, address = excluded.address,
       seal = excluded.seal WHERE activation = ?`,
      ...parts,
      sealOf(...parts),
      replaces ?? null,
    );
    return this.lookup(candidate.actor) as Registration;
  }

  unregister(actor: string, activation: string): void {
    this.sql.run('DELETE FROM registration WHERE actor = ? AND activation = ?', actor, activation);
  }
}

function spoiled(what: string, actor: string): MoonpoolError {
  const message = `The row of the ${what} of ${actor} does not have its checksum: it was changed by something else than Moonpool`;
  return new MoonpoolError('STORAGE_CORRUPT', {
    message,
    remedy:
      'Restore the row from a copy of the file; look at the disk. The row was left as it is, and other actors are not concerned.',
  });
}

function storedState(row: Row): StoredState {
  const data = row['data'] as Uint8Array | null;
  return {
    epoch: Number(row['epoch']),
    version: Number(row['version']),
    writeId: String(row['write_id']),
    data: data === null ? undefined : Uint8Array.from(data),
  };
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
