import {
  KEPT_DEAD,
  type ExpectedView,
  type JoinRequest,
  type Member,
  type MembershipView,
  type MemberStatus,
} from '../../cluster/membership-store';
import { formatReach, parseReach, type ReachReport } from '../../cluster/reach-report';
import type { NodeId } from '../../identity/node-id';
import { NO_RECORD } from './postgres-commit-parameters';
import type { PostgresRow } from './postgres-driver';
import type { PostgresTables } from './postgres-schema';
import { rowSeal } from './postgres-seal';
import { statement, type PostgresSession, type Statement } from './postgres-session';
import { numberIn, textIn } from './postgres-values';

/** How many other clusters are told of. */
const MAX_OTHERS = 5;
/** What the checksum of a row is of, and itself. */
const SEALED = ['cluster', 'name', 'incarnation', 'address', 'actor_types', 'details', 'seal'];
/** What is read of a member. Columns are named everywhere: what a prepared statement returns may not change when a later release adds one. */
const COLUMNS = [...SEALED, 'status', 'lease_counter', 'load', 'reach'].map((column) => `m.${column}`).join(', ');

/** The table of members of one cluster in terms of SQL. Whoever changes a view holds its row, so that views have one order. */
export class PostgresMembers {
  private readonly view: Statement;
  private readonly renewal: Statement;
  private readonly others: Statement;
  private readonly member: string;
  private readonly views: string;

  constructor(
    tables: PostgresTables,
    private readonly cluster: string,
    /** Where others listen for changes. */
    private readonly channel: string,
  ) {
    this.member = tables.of('member');
    this.views = tables.of('membership_view');
    this.view = statement(
      `SELECT coalesce(v.version, 0) AS view_version, ${COLUMNS} FROM (SELECT $1::text AS cluster) c LEFT JOIN ${this.views} v ON v.cluster = c.cluster
       LEFT JOIN ${this.member} m ON m.cluster = c.cluster ORDER BY m.name, m.incarnation`,
    );
    this.renewal = statement(
      `UPDATE ${this.member} SET lease_counter = lease_counter + 1, load = $4, reach = $5
       WHERE cluster = $1 AND name = $2 AND incarnation = $3 AND status <> 'dead' RETURNING ${SEALED.join(', ')}`,
    );
    this.others = statement(
      `SELECT DISTINCT cluster FROM ${this.member} WHERE cluster <> $1 AND status <> 'dead' ORDER BY cluster LIMIT ${MAX_OTHERS}`,
    );
  }

  async read(session: PostgresSession): Promise<MembershipView> {
    const rows = await session.rows(this.view, [this.cluster]);
    const [first] = rows;
    const members = rows.filter((row) => row['name'] !== null).map(memberIn);
    return { version: first === undefined ? 0 : numberIn(first, 'view_version'), members };
  }

  async otherClusters(session: PostgresSession): Promise<readonly string[]> {
    return (await session.rows(this.others, [this.cluster])).map((row) => textIn(row, 'cluster'));
  }

  /** False also when the row says something else than when it was made: then others cannot know this node by it. */
  async renew(
    session: PostgresSession,
    { name, incarnation }: NodeId,
    load: number,
    reach: ReachReport,
  ): Promise<boolean> {
    const [row] = await session.rows(this.renewal, [this.cluster, name, incarnation, load, formatReach(reach)]);
    return row !== undefined && isSound(row);
  }

  join(session: PostgresSession, request: JoinRequest, expectedVersion: number): Promise<NodeId | undefined> {
    return session.transact(async () => {
      const { cluster, member } = this;
      const { name, address, actorTypes, actorVersions, labels, origin, terms } = request;
      const view = await this.heldView(session);
      if (view.version !== expectedVersion) return undefined;
      const incarnation = view.lastIncarnation + 1;
      await session.rows(`DELETE FROM ${member} WHERE cluster = $1 AND name = $2 AND status = 'dead'`, [cluster, name]);
      const replaced = `UPDATE ${member} SET status = 'dead' WHERE cluster = $1 AND (name = $2 OR address = $3)`;
      await session.rows(replaced, [cluster, name, address]);
      const [types, details] = [JSON.stringify(actorTypes), JSON.stringify({ origin, terms, labels, actorVersions })];
      const described = [cluster, name, incarnation, address, types, details] as const;
      await session.rows(
        `INSERT INTO ${member} (cluster, name, incarnation, address, actor_types, details, seal, status, lease_counter, load)
         VALUES ($1, $2, $3, $4, $5, $6, $7, 'active', 0, 0)`,
        [...described, rowSeal(NO_RECORD, ...described)],
      );
      await session.rows(
        `DELETE FROM ${member} WHERE cluster = $1 AND status = 'dead' AND incarnation <=
         (SELECT incarnation FROM ${member} WHERE cluster = $1 AND status = 'dead' ORDER BY incarnation DESC OFFSET $2 LIMIT 1)`,
        [cluster, KEPT_DEAD],
      );
      await this.announce(session, incarnation);
      return { name, incarnation };
    });
  }

  changeStatus(
    session: PostgresSession,
    { name, incarnation }: NodeId,
    status: MemberStatus,
    expected: ExpectedView,
  ): Promise<boolean> {
    return session.transact(async () => {
      const view = await this.heldView(session);
      if (view.version !== expected.version) return false;
      const changed = await session.rows(
        `UPDATE ${this.member} SET status = $4 WHERE cluster = $1 AND name = $2 AND incarnation = $3 AND status <> 'dead'
         AND lease_counter = coalesce($5::bigint, lease_counter) RETURNING incarnation`,
        [this.cluster, name, incarnation, status, expected.leaseCounter ?? null],
      );
      if (changed.length === 0) return false;
      await this.announce(session, view.lastIncarnation);
      return true;
    });
  }

  /** The row of the view, which nobody else changes before this transaction ends. */
  private async heldView(session: PostgresSession): Promise<{ version: number; lastIncarnation: number }> {
    const make = `INSERT INTO ${this.views} (cluster, version, last_incarnation) VALUES ($1, 0, 0) ON CONFLICT (cluster) DO NOTHING`;
    await session.rows(make, [this.cluster]);
    const hold = `SELECT version, last_incarnation FROM ${this.views} WHERE cluster = $1 FOR UPDATE`;
    const [row] = await session.rows(hold, [this.cluster]);
    return { version: numberIn(row ?? {}, 'version'), lastIncarnation: numberIn(row ?? {}, 'last_incarnation') };
  }

  /** The view has its next version; whoever listens is told when this transaction has ended well. */
  private async announce(session: PostgresSession, lastIncarnation: number): Promise<void> {
    await session.rows(`UPDATE ${this.views} SET version = version + 1, last_incarnation = $2 WHERE cluster = $1`, [
      this.cluster,
      lastIncarnation,
    ]);
    await session.rows('SELECT pg_notify($1, $2)', [this.channel, this.cluster]);
  }
}

function isSound(row: PostgresRow): boolean {
  const [cluster, name, address] = [textIn(row, 'cluster'), textIn(row, 'name'), textIn(row, 'address')];
  const [types, details] = [textIn(row, 'actor_types'), textIn(row, 'details')];
  return (
    numberIn(row, 'seal') === rowSeal(NO_RECORD, cluster, name, numberIn(row, 'incarnation'), address, types, details)
  );
}

/** A spoiled row is that of a node which is given nothing new, until its own next look at it ends that node. */
function memberIn(row: PostgresRow): Member {
  const described = {
    name: textIn(row, 'name'),
    incarnation: numberIn(row, 'incarnation'),
    address: textIn(row, 'address'),
    leaseCounter: numberIn(row, 'lease_counter'),
    load: numberIn(row, 'load'),
    reach: parseReach(textIn(row, 'reach')),
  };
  const status = textIn(row, 'status');
  if (!isSound(row)) return { ...described, status: status === 'dead' ? 'dead' : 'leaving', actorTypes: [] };
  return {
    ...described,
    status: status as MemberStatus,
    actorTypes: JSON.parse(textIn(row, 'actor_types')) as string[],
    ...(JSON.parse(textIn(row, 'details')) as Pick<Member, 'origin' | 'terms' | 'labels' | 'actorVersions'>),
  };
}
