import type { ActorPage, ActorQuery, ListedActor } from '../../storage/stored-state';
import { crc32c } from '../../wire/crc32c';
import { isSealed, sealOf, spoiled, type SealedValue } from './sqlite-seal';
import { bytesOf, type Row, type SqliteStatements } from './sqlite-statements';

/** What the row of an actor says besides its states. */
export interface ActorHead {
  readonly actor: string;
  readonly epoch: number;
  readonly version: number;
  readonly writeId: string;
  readonly lastEvent: number;
  readonly answers: number;
  /** null: there is no snapshot. */
  readonly snapshotUpTo: number | null;
  /** The checksum of the states; null where there are none, or version 0.2 did not write them yet. */
  readonly dataSeal: number | null;
  /** It has states or events. */
  readonly isListed: boolean;
}

/** A row as a whole. */
export interface ActorRow {
  readonly head: ActorHead;
  readonly data: Uint8Array | undefined;
}

const HEAD = 'actor, epoch, version, write_id, last_event, answers, snapshot_up_to, listed, data_seal, seal';
/** Greater than each byte of a text. */
const BEHIND_ALL = 0xff;

/** The rows of actors: epoch and version, all states of an actor, and how far its journals and answers have come. */
export class SqliteActorRows {
  constructor(private readonly sql: SqliteStatements) {}

  /** @throws MoonpoolError STORAGE_CORRUPT */
  head(actor: string): ActorHead | undefined {
    const row = this.sql.get(`SELECT ${HEAD} FROM actor_state WHERE actor = ?`, actor);
    return row === undefined ? undefined : headOf(row);
  }

  /** @throws MoonpoolError STORAGE_CORRUPT */
  read(actor: string): ActorRow | undefined {
    const row = this.sql.get(`SELECT ${HEAD}, data FROM actor_state WHERE actor = ?`, actor);
    if (row === undefined) return undefined;
    const head = headOf(row);
    const data = row['data'] === null ? undefined : bytesOf(row['data']);
    const isSound = head.dataSeal === null || (data !== undefined && crc32c(data) === head.dataSeal);
    if (!isSound || head.isListed !== (data !== undefined || head.lastEvent > 0)) throw spoiled(`state of ${actor}`);
    return { head, data };
  }

  /** Makes the row of an actor that has none. */
  add(actor: string): ActorHead {
    const head = {
      actor,
      epoch: 1,
      version: 0,
      writeId: '',
      lastEvent: 0,
      answers: 0,
      snapshotUpTo: null,
      dataSeal: null,
      isListed: false,
    };
    this.sql.run(
      "INSERT INTO actor_state (actor, epoch, version, write_id, seal) VALUES (?, 1, 0, '', ?)",
      actor,
      sealOf(...partsOf(head)),
    );
    return head;
  }

  claim(before: ActorHead): ActorHead {
    const head = { ...before, epoch: before.epoch + 1 };
    this.sql.run(
      'UPDATE actor_state SET epoch = ?, seal = ? WHERE actor = ?',
      ...[head.epoch, sealOf(...partsOf(head)), head.actor],
    );
    return head;
  }

  /** @param data the states; null: there are none any more; undefined: they stay as they are. */
  write(before: ActorHead, changed: ActorHead, data: Uint8Array | null | undefined): void {
    const { actor, version, writeId, lastEvent, answers, snapshotUpTo, isListed } = changed;
    const dataSeal = data === undefined ? changed.dataSeal : data === null ? null : crc32c(data);
    const columns = [version, writeId, lastEvent, answers, snapshotUpTo];
    const seals = [dataSeal, sealOf(...partsOf({ ...changed, dataSeal }))];
    const set =
      'version = ?, write_id = ?, last_event = ?, answers = ?, snapshot_up_to = ?, data_seal = ?, seal = ?' as const;
    if (data === undefined) this.sql.run(`UPDATE actor_state SET ${set} WHERE actor = ?`, ...columns, ...seals, actor);
    else this.sql.run(`UPDATE actor_state SET ${set}, data = ? WHERE actor = ?`, ...columns, ...seals, data, actor);
    // By itself, so that a write which changes nothing of the list leaves the pages of its index alone.
    if (isListed !== before.isListed)
      this.sql.run('UPDATE actor_state SET listed = ? WHERE actor = ?', isListed ? 1 : 0, actor);
  }

  /** @throws MoonpoolError STORAGE_CORRUPT */
  page({ prefix, after, limit }: ActorQuery): ActorPage {
    const end = endOf(prefix);
    const isInside = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0;
    const rows = this.sql.all(
      `SELECT ${HEAD} FROM actor_state WHERE listed = 1 AND actor ${isInside ? '>' : '>='} ? AND actor < CAST(? AS TEXT) ORDER BY actor LIMIT ?`,
      ...[isInside ? after : prefix, end, limit + 1],
    );
    return { actors: rows.slice(0, limit).map(listed), isLast: rows.length <= limit };
  }

  count(prefix: string): number {
    const row = this.sql.get(
      'SELECT count(*) AS found FROM actor_state WHERE listed = 1 AND actor >= ? AND actor < CAST(? AS TEXT)',
      prefix,
      endOf(prefix),
    );
    return Number(row?.['found']);
  }
}

/** What stands behind all texts that begin so. */
function endOf(prefix: string): Uint8Array {
  return Buffer.concat([Buffer.from(prefix), Uint8Array.of(BEHIND_ALL)]);
}

function listed(row: Row): ListedActor {
  const { actor, version } = headOf(row);
  return { actor, version };
}

function headOf(row: Row): ActorHead {
  const nullable = (value: unknown): number | null => (value === null ? null : Number(value));
  const head: ActorHead = {
    actor: String(row['actor']),
    epoch: Number(row['epoch']),
    version: Number(row['version']),
    writeId: String(row['write_id']),
    lastEvent: Number(row['last_event']),
    answers: Number(row['answers']),
    snapshotUpTo: nullable(row['snapshot_up_to']),
    dataSeal: nullable(row['data_seal']),
    isListed: Number(row['listed']) === 1,
  };
  if (!isSealed(row['seal'], ...partsOf(head))) throw spoiled(`state of ${head.actor}`);
  return head;
}

/** Rows of an older version have none of what came later, and their seals do not count it. */
function partsOf(head: ActorHead): readonly SealedValue[] {
  const { actor, epoch, version, writeId, lastEvent, answers, snapshotUpTo, dataSeal } = head;
  const isOfBefore = lastEvent === 0 && answers === 0 && snapshotUpTo === null && dataSeal === null;
  const parts = [actor, epoch, version, writeId];
  return isOfBefore ? parts : [...parts, lastEvent, answers, snapshotUpTo, dataSeal];
}
