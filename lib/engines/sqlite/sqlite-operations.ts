import type { ExpectedView, JoinRequest, Member, MembershipView, MemberStatus } from '../../cluster/membership-store';
import type { Registration } from '../../directory/actor-directory';
import type { NodeId } from '../../identity/node-id';
import type { StateWrite, StoredState, WriteOutcome } from '../../persistence/state-storage';
import type { SqliteDatabase, SqliteStatement } from './sqlite-driver';

/** What an operation is asked, by name: this crosses to the thread of the database. */
export interface SqliteRequests {
  claimState: { readonly actor: string };
  writeState: StateWrite;
  readState: { readonly actor: string };
  readMembers: { readonly cluster: string };
  joinCluster: JoinRequest & { readonly cluster: string; readonly expectedVersion: number };
  renewLease: { readonly cluster: string; readonly node: NodeId; readonly load: number };
  changeMember: { readonly cluster: string; readonly node: NodeId; readonly status: MemberStatus; readonly expected: ExpectedView };
  lookupActor: { readonly actor: string };
  registerActor: { readonly candidate: Registration; readonly replaces: string | undefined };
  unregisterActor: { readonly actor: string; readonly activation: string };
}

/** What an operation answers. */
export interface SqliteAnswers {
  claimState: StoredState;
  writeState: WriteOutcome;
  readState: StoredState | undefined;
  readMembers: MembershipView;
  joinCluster: NodeId | undefined;
  renewLease: boolean;
  changeMember: boolean;
  lookupActor: Registration | undefined;
  registerActor: Registration;
  unregisterActor: undefined;
}

export type SqliteOperationName = keyof SqliteRequests;

/** Operations that write nothing: a batch of these alone takes no lock. */
export const READ_OPERATIONS: ReadonlySet<SqliteOperationName> = new Set(['readState', 'readMembers', 'lookupActor']);

/** Operations that go before others in a batch, because a lease depends on them. */
export const URGENT_OPERATIONS: ReadonlySet<SqliteOperationName> = new Set(['renewLease', 'readMembers']);

type OperationTable = { [N in SqliteOperationName]: (request: SqliteRequests[N]) => SqliteAnswers[N] };

/** The operations in terms of SQL. Each runs inside a transaction that others may share, and never fails half-way. */
export class SqliteOperations implements OperationTable {
  private readonly statements = new Map<string, SqliteStatement>();

  constructor(private readonly database: SqliteDatabase) {}

  run<N extends SqliteOperationName>(name: N, request: SqliteRequests[N]): SqliteAnswers[N] {
    const operation = this[name] as (request: SqliteRequests[N]) => SqliteAnswers[N];
    return operation.call(this, request);
  }

  claimState({ actor }: SqliteRequests['claimState']): StoredState {
    const row = this.get(
      `INSERT INTO actor_state (actor, epoch, version, write_id, data) VALUES (?, 1, 0, '', NULL)
       ON CONFLICT (actor) DO UPDATE SET epoch = epoch + 1 RETURNING epoch, version, write_id, data`,
      actor,
    );
    return storedState(row as Row);
  }

  writeState(write: StateWrite): WriteOutcome {
    const { changes } = this.prepared(
      'UPDATE actor_state SET version = version + 1, write_id = ?, data = ? WHERE actor = ? AND epoch = ? AND version = ?',
    ).run(write.writeId, write.data, write.actor, write.epoch, write.version);
    if (Number(changes) === 1) return { kind: 'accepted', version: write.version + 1 };
    const present = this.readState(write) ?? { epoch: 0, version: 0, writeId: '' };
    if (present.epoch !== write.epoch) return { kind: 'fenced', epoch: present.epoch };
    return { kind: 'conflict', version: present.version, writeId: present.writeId };
  }

  readState({ actor }: SqliteRequests['readState']): StoredState | undefined {
    const row = this.get('SELECT epoch, version, write_id, data FROM actor_state WHERE actor = ?', actor);
    return row === undefined ? undefined : storedState(row);
  }

  readMembers({ cluster }: SqliteRequests['readMembers']): MembershipView {
    const rows = this.prepared('SELECT * FROM member WHERE cluster = ? ORDER BY name, incarnation').all(cluster);
    return { version: this.viewVersion(cluster), members: rows.map(member) };
  }

  joinCluster({ cluster, name, address, actorTypes, origin, terms, expectedVersion }: SqliteRequests['joinCluster']): NodeId | undefined {
    if (this.viewVersion(cluster) !== expectedVersion) return undefined;
    const row = this.get(
      `INSERT INTO membership_view (cluster, version, last_incarnation) VALUES (?, 1, 1)
       ON CONFLICT (cluster) DO UPDATE SET version = version + 1, last_incarnation = last_incarnation + 1 RETURNING last_incarnation`,
      cluster,
    );
    const incarnation = Number((row as Row)['last_incarnation']);
    this.prepared("DELETE FROM member WHERE cluster = ? AND name = ? AND status = 'dead'").run(cluster, name);
    this.prepared("UPDATE member SET status = 'dead' WHERE cluster = ? AND (name = ? OR address = ?)").run(cluster, name, address);
    this.prepared("INSERT INTO member VALUES (?, ?, ?, ?, 'active', 0, 0, ?, ?)").run(cluster, name, incarnation, address, JSON.stringify(actorTypes), JSON.stringify({ origin, terms }));
    return { name, incarnation };
  }

  renewLease({ cluster, node, load }: SqliteRequests['renewLease']): boolean {
    const { changes } = this.prepared(
      "UPDATE member SET lease_counter = lease_counter + 1, load = ? WHERE cluster = ? AND name = ? AND incarnation = ? AND status <> 'dead'",
    ).run(load, cluster, node.name, node.incarnation);
    return Number(changes) === 1;
  }

  changeMember({ cluster, node, status, expected }: SqliteRequests['changeMember']): boolean {
    const { changes } = this.prepared(
      `UPDATE member SET status = ? WHERE cluster = ? AND name = ? AND incarnation = ? AND status <> 'dead'
       AND lease_counter = coalesce(?, lease_counter)
       AND (SELECT version FROM membership_view WHERE cluster = member.cluster) = ?`,
    ).run(status, cluster, node.name, node.incarnation, expected.leaseCounter ?? null, expected.version);
    if (Number(changes) === 0) return false;
    this.prepared('UPDATE membership_view SET version = version + 1 WHERE cluster = ?').run(cluster);
    return true;
  }

  lookupActor({ actor }: SqliteRequests['lookupActor']): Registration | undefined {
    const row = this.get('SELECT * FROM registration WHERE actor = ?', actor);
    return row === undefined ? undefined : registration(row);
  }

  registerActor({ candidate, replaces }: SqliteRequests['registerActor']): Registration {
    const { actor, activation, node, address } = candidate;
    this.prepared(
      `INSERT INTO registration VALUES (?, ?, ?, ?, ?) ON CONFLICT (actor) DO UPDATE SET activation = excluded.activation,
       node_name = excluded.node_name, node_incarnation = excluded.node_incarnation, address = excluded.address
       WHERE activation = ?`,
    ).run(actor, activation, node.name, node.incarnation, address, replaces ?? null);
    return this.lookupActor({ actor }) as Registration;
  }

  unregisterActor({ actor, activation }: SqliteRequests['unregisterActor']): undefined {
    this.prepared('DELETE FROM registration WHERE actor = ? AND activation = ?').run(actor, activation);
  }

  private viewVersion(cluster: string): number {
    return Number(this.get('SELECT version FROM membership_view WHERE cluster = ?', cluster)?.['version'] ?? 0);
  }

  private get(sql: string, ...parameters: unknown[]): Row | undefined {
    return this.prepared(sql).get(...parameters);
  }

  private prepared(sql: string): SqliteStatement {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.database.prepare(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}

type Row = Record<string, unknown>;

function storedState(row: Row): StoredState {
  const data = row['data'] as Uint8Array | null;
  return {
    epoch: Number(row['epoch']),
    version: Number(row['version']),
    writeId: String(row['write_id']),
    data: data === null ? undefined : Uint8Array.from(data),
  };
}

function member(row: Row): Member {
  return {
    name: String(row['name']),
    incarnation: Number(row['incarnation']),
    address: String(row['address']),
    status: row['status'] as MemberStatus,
    leaseCounter: Number(row['lease_counter']),
    load: Number(row['load']),
    actorTypes: JSON.parse(String(row['actor_types'])) as string[],
    ...(JSON.parse(String(row['details'])) as Pick<Member, 'origin' | 'terms'>),
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
