import type { MemberSession } from '../../cluster/member-session';
import type { NodeId } from '../../identity/node-id';
import { crc32c } from '../../wire/crc32c';
import type { ConnectionUse, PostgresHeldConnection } from './postgres-held-connection';
import { isRefusedStatement } from './postgres-failure';
import type { PostgresSession } from './postgres-session';
import { numberIn } from './postgres-values';

const LOOK = 'look whose sessions have ended';
// Nothing is prepared on a connection that is held: it could not be thrown away without ending the session.

/** Tries to take the lock of this node, unless its own connection has it. */
const TAKE = `SELECT pg_try_advisory_lock($1::int, $2::int) WHERE NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 2
   AND pid = pg_backend_pid() AND classid::bigint = $1::int & 4294967295 AND objid::bigint = $2::int & 4294967295)`;
const FREE = 'SELECT pg_advisory_unlock($1::int, $2::int)';
/** Who holds locks of the cluster, and which connection this is. */
const HOLDERS = `SELECT pg_backend_pid() AS own, l.objid AS incarnation, l.pid AS holder FROM (SELECT) one LEFT JOIN pg_locks l ON l.locktype = 'advisory' AND l.granted
   AND l.objsubid = 2 AND l.classid::bigint = $1::int & 4294967295 AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/**
 * The session of a node with PostgreSQL: an advisory lock on the connection that it holds, of the cluster and the incarnation. The server frees it when the connection ends, and it notices that at once
 * when a process ends whose machine lives.
 */
export class PostgresMemberSession implements MemberSession, ConnectionUse {
  /** The incarnations whose locks were seen taken on the present connection: one that was begun again, as after a restart of the server, has seen nothing. */
  private readonly seen = new Set<number>();
  /** The process of the server that serves this connection, and must go on to do so. */
  private server: number | undefined;
  private readonly group: number;
  private end: (() => void) | undefined;

  /** @param cluster of which tables it is, and its name. */
  constructor(
    private readonly connection: PostgresHeldConnection,
    cluster: string,
    private readonly node: NodeId,
  ) {
    this.group = crc32c(Buffer.from(cluster)) | 0;
  }

  async ended(nodes: readonly NodeId[]): Promise<readonly NodeId[]> {
    this.end ??= this.connection.use(this);
    const locked = await this.connection.ask(LOOK, (session) => this.look(session));
    const incarnations = new Set(nodes.map(({ incarnation }) => incarnation));
    for (const known of this.seen) if (!incarnations.has(known)) this.seen.delete(known);
    for (const incarnation of incarnations) if (locked.has(incarnation)) this.seen.add(incarnation);
    return nodes.filter(({ incarnation }) => this.seen.has(incarnation) && !locked.has(incarnation));
  }

  async close(): Promise<void> {
    const { end } = this;
    if (end === undefined) return;
    try {
      // Without its connection it has ended already.
      if (this.connection.isOpen)
        await this.connection.ask('end a session', (session) => session.rows(FREE, this.key()));
    } catch {
      // It ends with the connection.
    }
    end();
  }

  async begin(session: PostgresSession): Promise<void> {
    try {
      await session.rows(TAKE, this.key());
    } catch (error) {
      // A server that knows no such locks is asked again with each look, which concludes nothing.
      if (!isRefusedStatement(error)) throw error;
    }
  }

  onLost(): void {
    this.seen.clear();
    this.server = undefined;
  }

  /** The incarnations whose locks are taken. */
  private async look(session: PostgresSession): Promise<ReadonlySet<number>> {
    const rows = await session.rows(HOLDERS, [this.group]);
    const [first = {}] = rows;
    const own = numberIn(first, 'own');
    // Behind a pooler that gives each statement another connection, what one has seen says nothing of another.
    if (this.server !== undefined && this.server !== own) this.seen.clear();
    this.server = own;
    const held = rows.filter(({ holder }) => holder !== null);
    const locked = new Map(held.map((row) => [numberIn(row, 'incarnation'), numberIn(row, 'holder')] as const));
    // A connection that was lost may have the lock until the server has noticed.
    if (locked.get(this.node.incarnation) !== own) await session.rows(TAKE, this.key());
    return new Set(locked.keys());
  }

  private key(): unknown[] {
    return [this.group, this.node.incarnation | 0];
  }
}
