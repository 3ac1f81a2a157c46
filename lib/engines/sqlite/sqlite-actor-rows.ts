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
  /** The checksum of the states; null: there are none; UNSEALED: a node of 0.1.0 wrote them last. */
  readonly dataSeal: number | null;
  /** It has states or events. */
  readonly isListed: boolean;
}

/** A row as a whole. */
export interface ActorRow {
  readonly head: ActorHead;
  readonly data: Uint8Array | undefined;
}

const HEAD =
  'actor, epoch, version, write_id, seal, last_event, answers, snapshot_up_to, listed, data_seal, later_version, later_seal';
const WRITTEN =
  'version = ?, write_id = ?, seal = ?, last_event = ?, answers = ?, snapshot_up_to = ?, data_seal = ?, later_version = ?, later_seal = ?';
/** No checksum is negative. */
const UNSEALED = -1;
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
    const isSound = head.dataSeal === UNSEALED || head.dataSeal === sealOfData(data);
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

  /** Leaves to the row what came later. */
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
    const head = data === undefined ? changed : { ...changed, dataSeal: sealOfData(data ?? undefined) };
    const values = [
      ...[version, writeId, sealOf(...partsOf(head))],
      ...[lastEvent, answers, snapshotUpTo, head.dataSeal, version, sealOf(...laterPartsOf(head, version))],
    ];
    if (data === undefined) this.sql.run(`UPDATE actor_state SET ${WRITTEN} WHERE actor = ?`, ...values, actor);
    else this.sql.run(`UPDATE actor_state SET ${WRITTEN}, data = ? WHERE actor = ?`, ...values, data, actor);
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
  const laterVersion = nullable(row['later_version']);
  const isSound =
    isSealed(row['seal'], ...partsOf(head)) &&
    (laterVersion === null
      ? row['later_seal'] === null && head.lastEvent === 0 && head.answers === 0 && head.snapshotUpTo === null
      : Number(row['later_seal']) === sealOf(...laterPartsOf(head, laterVersion)) && laterVersion <= head.version);
  if (!isSound) throw spoiled(`state of ${head.actor}`);
  // What a node of 0.1.0 has written since has no checksum here; the record of the states has one of its own.
  return laterVersion === head.version || head.version === 0 ? head : { ...head, dataSeal: UNSEALED };
}

/** What 0.1.0 knows of the row. */
function partsOf({ actor, epoch, version, writeId }: ActorHead): readonly SealedValue[] {
  return [actor, epoch, version, writeId];
}

/** @param version that of the row when this was written. */
function laterPartsOf(head: ActorHead, version: number): readonly SealedValue[] {
  const { actor, lastEvent, answers, snapshotUpTo, dataSeal } = head;
  return [actor, version, lastEvent, answers, snapshotUpTo, dataSeal];
}

function sealOfData(data: Uint8Array | undefined): number | null {
  return data === undefined ? null : crc32c(data);
}
