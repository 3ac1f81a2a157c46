import {
  KEPT_DEAD,
  type ExpectedView,
  type JoinRequest,
  type Member,
  type MembershipStore,
  type MembershipView,
  type MemberStatus,
} from '../../cluster/membership-store';
import { formatReach, parseReach, REACHES_ALL, type ReachReport } from '../../cluster/reach-report';
import type { NodeId } from '../../identity/node-id';
import type { SynchronousOperations } from '../../providers/store-operations';
import type { SqliteDatabase } from './sqlite-driver';
import type { MEMBERS_TABLE } from './sqlite-operations';
import { isSealed, sealOf } from './sqlite-seal';
import { SqliteStatements, type Row } from './sqlite-statements';

/** The table of members in terms of SQL, for any cluster. Each operation runs inside a transaction that others may share. */
export class SqliteMemberOperations implements SynchronousOperations<
  MembershipStore,
  typeof MEMBERS_TABLE,
  [cluster: string]
> {
  private readonly sql: SqliteStatements;

  constructor(database: SqliteDatabase) {
    this.sql = new SqliteStatements(database);
  }

  read(cluster: string): MembershipView {
    const rows = this.sql.all('SELECT * FROM member WHERE cluster = ? ORDER BY name, incarnation', cluster);
    const reports = this.sql.all('SELECT incarnation, report FROM reach WHERE cluster = ?', cluster);
    const reachOf = new Map(
      reports.map((row) => [Number(row['incarnation']), parseReach(String(row['report']))] as const),
    );
    const members = rows.map((row) => ({
      ...member(row),
      reach: reachOf.get(Number(row['incarnation'])) ?? REACHES_ALL,
    }));
    return { version: this.viewVersion(cluster), members };
  }

  otherClusters(cluster: string): readonly string[] {
    const rows = this.sql.all(
      "SELECT DISTINCT cluster FROM member WHERE cluster <> ? AND status <> 'dead' ORDER BY cluster LIMIT 5",
      cluster,
    );
    return rows.map((row) => String(row['cluster']));
  }

  join(cluster: string, request: JoinRequest, expectedVersion: number): NodeId | undefined {
    const { name, address, actorTypes, actorVersions, labels, origin, terms } = request;
    const { sql } = this;
    if (this.viewVersion(cluster) !== expectedVersion) return undefined;
    const row = sql.get(
      `INSERT INTO membership_view (cluster, version, last_incarnation) VALUES (?, 1, (SELECT incarnation FROM floor) + 1)
       ON CONFLICT (cluster) DO UPDATE SET version = version + 1, last_incarnation = last_incarnation + 1 RETURNING last_incarnation`,
      cluster,
    );
    const incarnation = Number((row as Row)['last_incarnation']);
    const [types, details] = [JSON.stringify(actorTypes), JSON.stringify({ origin, terms, labels, actorVersions })];
    sql.run("DELETE FROM member WHERE cluster = ? AND name = ? AND status = 'dead'", cluster, name);
    sql.run(
      "DELETE FROM reach WHERE cluster = ?1 AND incarnation NOT IN (SELECT incarnation FROM member WHERE cluster = ?1 AND status <> 'dead')",
      cluster,
    );
    sql.run(
      "UPDATE member SET status = 'dead' WHERE cluster = ? AND (name = ? OR address = ?)",
      cluster,
      name,
      address,
    );
    const described = [cluster, name, incarnation, address, types, details] as const;
    sql.run(
      "INSERT INTO member (cluster, name, incarnation, address, actor_types, details, seal, status, lease_counter, load) VALUES (?, ?, ?, ?, ?, ?, ?, 'active', 0, 0)",
      ...described,
      sealOf(...described),
    );
    sql.run(
      "DELETE FROM member WHERE cluster = ?1 AND status = 'dead' AND incarnation <= (SELECT incarnation FROM member WHERE cluster = ?1 AND status = 'dead' ORDER BY incarnation DESC LIMIT 1 OFFSET ?2)",
      ...[cluster, KEPT_DEAD],
    );
    return { name, incarnation };
  }

  /** False also when the row says something else than when it was made: then others cannot know this node by it. */
  renew(cluster: string, node: NodeId, load: number, reach: ReachReport = REACHES_ALL): boolean {
    const row = this.sql.get(
      `UPDATE member SET lease_counter = lease_counter + 1, load = ? WHERE cluster = ? AND name = ? AND incarnation = ? AND status <> 'dead' RETURNING *`,
      load,
      cluster,
      node.name,
      node.incarnation,
    );
    if (row === undefined || !isSound(row)) return false;
    this.noteReach(cluster, node, reach);
    return true;
  }

  /** Most reach everybody, of whom nothing is kept. */
  private noteReach(cluster: string, { incarnation }: NodeId, reach: ReachReport): void {
    if (reach.doubted.length === 0)
      this.sql.run('DELETE FROM reach WHERE cluster = ? AND incarnation = ?', cluster, incarnation);
    else
      this.sql.run(
        'INSERT INTO reach (cluster, incarnation, report) VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET report = excluded.report',
        cluster,
        incarnation,
        formatReach(reach),
      );
  }

  changeStatus(cluster: string, node: NodeId, status: MemberStatus, expected: ExpectedView): boolean {
    const changed = this.sql.run(
      `UPDATE member SET status = ? WHERE cluster = ? AND name = ? AND incarnation = ? AND status <> 'dead'
       AND lease_counter = coalesce(?, lease_counter)
       AND (SELECT version FROM membership_view WHERE cluster = member.cluster) = ?`,
      ...[status, cluster, node.name, node.incarnation],
      ...[expected.leaseCounter ?? null, expected.version],
    );
    if (changed === 0) return false;
    this.sql.run('UPDATE membership_view SET version = version + 1 WHERE cluster = ?', cluster);
    return true;
  }

  private viewVersion(cluster: string): number {
    return Number(this.sql.get('SELECT version FROM membership_view WHERE cluster = ?', cluster)?.['version'] ?? 0);
  }
}

function isSound(row: Row): boolean {
  const [cluster, name, address, types, details] = ['cluster', 'name', 'address', 'actor_types', 'details'].map(
    (column) => String(row[column]),
  );
  return isSealed(
    row['seal'],
    cluster as string,
    name as string,
    Number(row['incarnation']),
    address as string,
    types as string,
    details as string,
  );
}

/** A spoiled row is that of a node which is given nothing new, until its own next look at it ends that node. */
function member(row: Row): Member {
  const common = {
    name: String(row['name']),
    incarnation: Number(row['incarnation']),
    address: String(row['address']),
    leaseCounter: Number(row['lease_counter']),
    load: Number(row['load']),
  };
  if (!isSound(row)) return { ...common, status: row['status'] === 'dead' ? 'dead' : 'leaving', actorTypes: [] };
  return {
    ...common,
    status: row['status'] as MemberStatus,
    actorTypes: JSON.parse(String(row['actor_types'])) as string[],
    ...(JSON.parse(String(row['details'])) as Pick<Member, 'origin' | 'terms' | 'labels' | 'actorVersions'>),
  };
}
