import { STATE_OPERATIONS } from '../../storage/state-storage';
import type {
  DeliveriesDue,
  DeliveryPage,
  DeliveryQuery,
  DeliveryRange,
  NewDelivery,
  Settlement,
  StoredDelivery,
} from '../../storage/stored-delivery';
import { deliveryValues, momentOf, NO_RECORD, waitOf } from './postgres-commit-parameters';
import { NOW } from './postgres-commit-statement';
import type { PostgresRow } from './postgres-driver';
import type { LaneWork } from './postgres-lane';
import type { PostgresTables } from './postgres-schema';
import { rowSeal, spoiledRow } from './postgres-seal';
import { statement, type PostgresSession, type Statement } from './postgres-session';
import { byteArray, bytesIn, numberIn, numberOrNone, textIn } from './postgres-values';

const COLUMNS = 'v.id, v.target, v.slot, v.due_at, v.version, v.seal, v.data, v.data_seal';

/** Deliveries of clients: one whose id is there already stays as it is. */
export function keptDeliveries(tables: PostgresTables, cluster: string): LaneWork<readonly NewDelivery[], void> {
  const keep = statement(
    `INSERT INTO ${tables.of('delivery')} (cluster, id, target, slot, due_at, version, seal, data, data_seal)
     SELECT $1::text, d.id, d.target, d.slot, coalesce(d.at, ${NOW} + d.in_ms), nextval('${tables.of('delivery_version')}'), d.seal, d.data, d.data_seal
     FROM unnest($2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bytea[], $9::bigint[])
       AS d(id, target, slot, at, in_ms, seal, data, data_seal)
     ON CONFLICT (cluster, id) DO NOTHING`,
  );
  return {
    operation: STATE_OPERATIONS.deliver,
    bytesOf: (deliveries) => deliveries.reduce((bytes, { data }) => bytes + data.length, 0),
    run: async (session, batch) => {
      const deliveries = batch.flat().sort((a, b) => (a.id < b.id ? -1 : 1));
      if (deliveries.length > 0) await session.rows(keep, [cluster, ...deliveryValues(deliveries)]);
      return batch.map(() => undefined);
    },
  };
}

/** Settlements: each compared with the version that was read. */
export function settlements(tables: PostgresTables, cluster: string): LaneWork<Settlement, boolean> {
  const settle = statement(
    `WITH a AS MATERIALIZED (
       SELECT * FROM unnest($2::int[], $3::text[], $4::bigint[], $5::bool[], $6::bigint[], $7::bigint[], $8::bytea[], $9::bigint[])
         AS a(n, id, version, is_made, at, in_ms, data, data_seal)
     ), made AS (
       DELETE FROM ${tables.of('delivery')} v USING a WHERE a.is_made AND v.cluster = $1 AND v.id = a.id AND v.version = a.version RETURNING a.n
     ), again AS (
       UPDATE ${tables.of('delivery')} v SET due_at = coalesce(a.at, ${NOW} + a.in_ms), version = nextval('${tables.of('delivery_version')}'),
         data = a.data, data_seal = a.data_seal
       FROM a WHERE NOT a.is_made AND v.cluster = $1 AND v.id = a.id AND v.version = a.version RETURNING a.n
     ) SELECT n FROM made UNION ALL SELECT n FROM again`,
  );
  return {
    operation: STATE_OPERATIONS.settle,
    keysOf: ({ id }) => [id],
    bytesOf: ({ next }) => next?.data.length ?? 0,
    run: async (session, batch) => {
      const rows = await session.rows(settle, [cluster, ...settlementValues(batch)]);
      const settled = new Set(rows.map((row) => numberIn(row, 'n')));
      return batch.map((_, n) => settled.has(n));
    },
  };
}

function settlementValues(batch: readonly Settlement[]): unknown[] {
  const dues = batch.map(({ next }) => (next === undefined || next.due === 'never' ? undefined : next.due));
  return [
    batch.map((_, n) => n),
    batch.map(({ id }) => id),
    batch.map(({ version }) => version),
    batch.map(({ next }) => next === undefined),
    dues.map((due) => (due === undefined ? null : momentOf(due))),
    dues.map((due) => (due === undefined ? null : waitOf(due))),
    byteArray(batch.map(({ next }) => next?.data ?? null)),
    batch.map(({ id, next }) => (next === undefined ? null : rowSeal(next.data, id))),
  ];
}

/** Which of what is due is asked for. */
export interface DueQuery {
  readonly range: DeliveryRange;
  /** How many at most. */
  readonly limit: number;
}

/** What is due in a part of the ring of a cluster. */
export class PostgresDeliveries {
  private readonly late: Statement;
  private readonly clock: Statement;
  private readonly next: Statement;
  private readonly table: string;

  constructor(
    tables: PostgresTables,
    private readonly cluster: string,
  ) {
    this.table = tables.of('delivery');
    const inRange = 'v.cluster = $1 AND v.slot >= $2 AND v.slot < $3';
    this.clock = statement(`SELECT ${NOW} AS now`);
    this.late = statement(
      `SELECT ${COLUMNS} FROM ${this.table} v WHERE ${inRange} AND v.due_at <= $4 ORDER BY v.due_at, v.id LIMIT $5`,
    );
    this.next = statement(
      `SELECT v.due_at FROM ${this.table} v WHERE ${inRange} AND v.due_at > $4 ORDER BY v.due_at LIMIT 1`,
    );
  }

  /** @throws MoonpoolError STORAGE_CORRUPT when nothing but spoiled rows is due: until then they hold up nobody. */
  async due(session: PostgresSession, { range: { from, to }, limit }: DueQuery): Promise<DeliveriesDue> {
    const [clock] = await session.rows(this.clock);
    const now = numberIn(clock as PostgresRow, 'now');
    const inRange = [this.cluster, from, to, now];
    const rows = await session.rows(this.late, [...inRange, limit]);
    const [next] = await session.rows(this.next, inRange);
    const sound = rows.filter(isSound);
    const [first] = rows;
    if (first !== undefined && sound.length === 0) throw spoiledRow(`delivery ${textIn(first, 'id')}`);
    return { deliveries: sound.map(storedDelivery), now, nextAt: next && numberOrNone(next, 'due_at') };
  }

  async page(session: PostgresSession, { target, onlyDead, after, limit }: DeliveryQuery): Promise<DeliveryPage> {
    const values: unknown[] = [this.cluster, limit + 1];
    const wanted = ['v.cluster = $1'];
    if (target !== undefined) wanted.push(`v.target = $${values.push(target)}`);
    if (after !== undefined) wanted.push(`v.id > $${values.push(after)}`);
    if (onlyDead === true) wanted.push('v.due_at IS NULL');
    const query = `SELECT ${COLUMNS} FROM ${this.table} v WHERE ${wanted.join(' AND ')} ORDER BY v.id LIMIT $2`;
    const rows = await session.rows(statement(query), values);
    const shown = rows.slice(0, limit);
    const spoiled = shown.find((row) => !isSound(row));
    if (spoiled !== undefined) throw spoiledRow(`delivery ${textIn(spoiled, 'id')}`);
    return { deliveries: shown.map(storedDelivery), isLast: rows.length <= limit };
  }
}

function isSound(row: PostgresRow): boolean {
  const [id, target] = [textIn(row, 'id'), textIn(row, 'target')];
  return (
    numberIn(row, 'seal') === rowSeal(NO_RECORD, id, target, numberIn(row, 'slot')) &&
    numberIn(row, 'data_seal') === rowSeal(bytesIn(row, 'data'), id)
  );
}

function storedDelivery(row: PostgresRow): StoredDelivery {
  return {
    id: textIn(row, 'id'),
    target: textIn(row, 'target'),
    dueAt: numberOrNone(row, 'due_at'),
    version: numberIn(row, 'version'),
    data: bytesIn(row, 'data'),
  };
}
