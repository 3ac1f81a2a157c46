import type {
  DeliveriesDue,
  DeliveryPage,
  DeliveryQuery,
  DeliveryRange,
  Due,
  NewDelivery,
  Settlement,
  StoredDelivery,
} from '../../storage/stored-delivery';
import { isSealed, sealOf, spoiled, type SealedValue } from './sqlite-seal';
import { bytesOf, type Row, type SqliteStatements } from './sqlite-statements';

interface DeliveryRow extends StoredDelivery {
  readonly slot: number;
}

const COLUMNS = 'id, target, slot, due_at, version, seal, data';
/** The counter from which the versions of deliveries come. */
const WRITES = 'deliveries';
/** How many versions a process takes at a time, so that the counter is written once in a while and not with every commit. */
const BLOCK = 1_000_000;

/** The messages that must arrive. */
export class SqliteDeliveries {
  /** The versions that this process may give: from the one to before the other. */
  private nextVersion = 0;
  private endOfBlock = 0;

  /** @param now the store's clock, in milliseconds since 1970. */
  constructor(
    private readonly sql: SqliteStatements,
    private readonly now: () => number,
  ) {}

  /** In place of those with the same ids. */
  put(deliveries: readonly NewDelivery[]): void {
    this.write('INSERT OR REPLACE', deliveries);
  }

  /** Leaves those with the same ids as they are. */
  add(deliveries: readonly NewDelivery[]): void {
    this.write('INSERT OR IGNORE', deliveries);
  }

  remove(id: string): void {
    this.sql.run('DELETE FROM delivery WHERE id = ?', id);
  }

  /**
   * What is spoiled stands before nobody: the others are found all the same.
   * @throws MoonpoolError STORAGE_CORRUPT when nothing is due but what is spoiled, so that somebody is told.
   */
  due({ from, to }: DeliveryRange, limit: number): DeliveriesDue {
    const now = this.now();
    let wrong: readonly Row[] = [];
    for (;;) {
      const asked = limit + wrong.length;
      const rows = this.sql.all(
        `SELECT ${COLUMNS} FROM delivery WHERE due_at <= ? AND slot >= ? AND slot < ? ORDER BY due_at, id LIMIT ?`,
        ...[now, from, to, asked],
      );
      const before = wrong.length;
      wrong = rows.filter((row) => !isSound(row));
      // Those that could not be served have taken the places of others.
      if (wrong.length > before && rows.length === asked) continue;
      const deliveries = rows.filter(isSound).map((row) => shown(deliveryOf(row)));
      const [first] = wrong;
      if (deliveries.length === 0 && first !== undefined) throw spoiledDelivery(first);
      return { deliveries, now, nextAt: this.nextAt(now, from, to) };
    }
  }

  /** @throws MoonpoolError STORAGE_CORRUPT */
  settle({ id, version, next }: Settlement): boolean {
    const row = this.sql.get(`SELECT ${COLUMNS} FROM delivery WHERE id = ?`, id);
    if (row === undefined) return false;
    const present = soundDelivery(row);
    if (present.version !== version) return false;
    if (next === undefined) this.remove(id);
    else {
      const dueAt = next.due === 'never' ? undefined : this.momentOf(next.due);
      this.store('INSERT OR REPLACE', { ...present, dueAt, version: this.newVersions(1), data: next.data });
    }
    return true;
  }

  /** @throws MoonpoolError STORAGE_CORRUPT */
  page({ target, onlyDead, after, limit }: DeliveryQuery): DeliveryPage {
    const conditions = [
      ...(target === undefined ? [] : [['target = ?', target]]),
      ...(onlyDead === true ? [['due_at IS NULL']] : []),
      ...(after === undefined ? [] : [['id > ?', after]]),
    ];
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.map(([condition]) => condition).join(' AND ')}`;
    const rows = this.sql.all(
      `SELECT ${COLUMNS} FROM delivery ${where} ORDER BY id LIMIT ?`,
      ...conditions.flatMap(([, ...values]) => values),
      limit + 1,
    );
    const deliveries = rows.slice(0, limit).map((row) => shown(soundDelivery(row)));
    return { deliveries, isLast: rows.length <= limit };
  }

  private write(verb: 'INSERT OR REPLACE' | 'INSERT OR IGNORE', deliveries: readonly NewDelivery[]): void {
    if (deliveries.length === 0) return;
    let version = this.newVersions(deliveries.length);
    for (const { due, ...delivery } of deliveries)
      this.store(verb, { ...delivery, dueAt: this.momentOf(due), version: version++ });
  }

  private store(verb: 'INSERT OR REPLACE' | 'INSERT OR IGNORE', delivery: DeliveryRow): void {
    const { id, target, slot, dueAt, version, data } = delivery;
    this.sql.run(
      `${verb} INTO delivery (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`,
      ...[id, target, slot, dueAt ?? null, version, sealOf(...partsOf(delivery)), data],
    );
  }

  private nextAt(now: number, from: number, to: number): number | undefined {
    const row = this.sql.get(
      'SELECT due_at FROM delivery WHERE due_at > ? AND slot >= ? AND slot < ? ORDER BY due_at LIMIT 1',
      ...[now, from, to],
    );
    return row === undefined ? undefined : Number(row['due_at']);
  }

  /** The transaction was undone: what it has taken of the counter, others may take. */
  undone(): void {
    this.nextVersion = 0;
    this.endOfBlock = 0;
  }

  /**
   * So many versions that no delivery ever had: one that was removed and written again under its id is not taken for what it was. Returns the first.
   * @throws MoonpoolError STORAGE_CORRUPT
   */
  private newVersions(count: number): number {
    if (this.nextVersion + count > this.endOfBlock) this.takeBlock(Math.max(BLOCK, count));
    const first = this.nextVersion;
    this.nextVersion += count;
    return first;
  }

  /** @throws MoonpoolError STORAGE_CORRUPT */
  private takeBlock(size: number): void {
    const row = this.sql.get('SELECT value, seal FROM counter WHERE name = ?', WRITES);
    const last = row === undefined ? 0 : Number(row['value']);
    if (row !== undefined && !isSealed(row['seal'], WRITES, last)) throw spoiled('counter of deliveries');
    const end = last + size;
    this.sql.run(
      'INSERT OR REPLACE INTO counter (name, value, seal) VALUES (?, ?, ?)',
      ...[WRITES, end, sealOf(WRITES, end)],
    );
    this.nextVersion = last + 1;
    this.endOfBlock = end + 1;
  }

  private momentOf(due: Due): number {
    return 'at' in due ? due.at : this.now() + due.inMs;
  }
}

function shown({ id, target, dueAt, version, data }: DeliveryRow): StoredDelivery {
  return { id, target, dueAt, version, data };
}

function deliveryOf(row: Row): DeliveryRow {
  return {
    id: String(row['id']),
    target: String(row['target']),
    slot: Number(row['slot']),
    dueAt: row['due_at'] === null ? undefined : Number(row['due_at']),
    version: Number(row['version']),
    data: bytesOf(row['data']),
  };
}

function partsOf({ id, target, slot, dueAt, version, data }: DeliveryRow): readonly SealedValue[] {
  return [id, target, slot, dueAt ?? null, version, data];
}

function isSound(row: Row): boolean {
  return isSealed(row['seal'], ...partsOf(deliveryOf(row)));
}

function soundDelivery(row: Row): DeliveryRow {
  if (!isSound(row)) throw spoiledDelivery(row);
  return deliveryOf(row);
}

function spoiledDelivery(row: Row): Error {
  return spoiled(`delivery ${String(row['id'])} to ${String(row['target'])}`);
}
