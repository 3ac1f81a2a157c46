import { isMoonpoolError } from '../../errors/moonpool-error';
import type { StateCommit } from '../../storage/state-commit';
import type { ActorPage, ActorQuery, ListedActor } from '../../storage/stored-state';
import type { ActorHead } from './sqlite-actor-head';
import { KnownRows, type KnownRow } from './sqlite-known-rows';
import { isSealed, sealedMark, sealOf, spoiled, type SealedValue } from './sqlite-seal';
import { bytesOf, type Row, type SqliteStatements } from './sqlite-statements';

/** A row as a whole. */
export interface ActorRow {
  readonly head: ActorHead;
  readonly data: Uint8Array | undefined;
}

const UNLISTED = 0;
const LISTED = 1;
/**
 * A node of 0.1.0 made the row: whether it has states, only a look at it tells. What such a node writes into a row that is not in the list is in it from the
 * next claim on.
 */
const PERHAPS_LISTED = 2;

const HEAD =
  'rowid AS place, actor, epoch, version, write_id, seal, last_event, answers, kept_answers, snapshot_up_to, listed, later_seal';
/** What a commit writes of a row besides states. */
const WRITTEN =
  'version = ?, write_id = ?, seal = ?, last_event = ?, answers = ?, kept_answers = ?, snapshot_up_to = ?, later_seal = ?, data_version = ?, data_seal = ?';
const IN_LIST = `listed <> ${UNLISTED} AND (listed = ${LISTED} OR data IS NOT NULL)`;
/** Greater than each byte of a text. */
const BEHIND_ALL = 0xff;

/** The rows of actors: epoch and version, all states of an actor, and how far its journals and answers have come. */
export class SqliteActorRows {
  private readonly knownRows = new KnownRows();

  constructor(private readonly sql: SqliteStatements) {}

  /** What is known of the row that the commit replaces, of an actor that is in the list; undefined: it must be read. */
  known(commit: StateCommit): KnownRow | undefined {
    const row = this.knownRows.of(commit);
    return row?.head.listed === LISTED ? row : undefined;
  }

  /** The transaction was undone: what it has written is not there. */
  undone(): void {
    this.knownRows.clear();
  }

  /** @throws MoonpoolError STORAGE_CORRUPT */
  head(actor: string): ActorHead | undefined {
    const row = this.sql.get(`SELECT ${HEAD} FROM actor_state WHERE actor = ?`, actor);
    return row === undefined ? undefined : headOf(row);
  }

  /** undefined also when the row is spoiled. */
  soundHead(actor: string): ActorHead | undefined {
    try {
      return this.head(actor);
    } catch (error) {
      if (isMoonpoolError(error, 'STORAGE_CORRUPT')) return undefined;
      throw error;
    }
  }

  /** @throws MoonpoolError STORAGE_CORRUPT */
  read(actor: string): ActorRow | undefined {
    const row = this.sql.get(`SELECT ${HEAD}, data_version, data_seal, data FROM actor_state WHERE actor = ?`, actor);
    if (row === undefined) return undefined;
    const head = headOf(row);
    const data = row['data'] === null ? undefined : bytesOf(row['data']);
    // What a node of 0.1.0 has written since has no checksum here; the record of the states has one of its own.
    const dataVersion = Number(row['data_version'] ?? 0);
    const isSound =
      dataVersion < head.version || Number(row['data_seal'] ?? sealOfData(head, data)) === sealOfData(head, data);
    const isListSound =
      dataVersion < head.version || head.listed === PERHAPS_LISTED || head.listed === listedOf(head, data);
    if (!isSound || dataVersion > head.version || !isListSound) throw spoiled(`state of ${actor}`);
    return { head, data };
  }

  /**
   * Writes states and nothing else, which most commits do, without looking at the row. False when epoch or version is another one, or the actor is to be
   * listed; nothing is written then.
   */
  replaceData({ actor, epoch, version, writeId }: StateCommit, data: Uint8Array): boolean {
    const head = { actor, epoch, version: version + 1, writeId };
    const changed = this.sql.run(
      `UPDATE actor_state SET version = version + 1, data_version = version + 1, write_id = ?, seal = ?, data_seal = ?, data = ? WHERE actor = ? AND epoch = ? AND version = ? AND listed <> ${UNLISTED}`,
      ...[writeId, sealOf(...partsOf(head)), sealOfData(head, data), data],
      ...[actor, epoch, version],
    );
    if (changed === 1) this.noteReplaced(actor, epoch, head.version, writeId, data);
    return changed === 1;
  }

  /**
   * Writes what comes after a row that is known, in terms of what is there, so that a digit that has changed is not made good. False when it is not what it was; nothing is
   * written then. @param data the states; undefined: they stay as they are.
   */
  replace(known: KnownRow, head: ActorHead, data: Uint8Array | undefined): boolean {
    const { epoch, version, lastEvent, answers, snapshotUpTo } = known.head;
    const mark = data === undefined ? known.mark : sealedMark(data);
    const laterSeal = sealOf(...laterPartsOf(head));
    const isSnapshot = head.snapshotUpTo !== snapshotUpTo;
    const { actor, version: next, writeId } = head;
    const changed = this.sql.run(
      `UPDATE actor_state SET version = version + 1, data_version = version + 1, last_event = last_event + ${head.lastEvent - lastEvent}, answers = answers + ${head.answers - answers}, kept_answers = kept_answers + ${head.answers - answers}, write_id = ?, seal = ?, later_seal = ?, data_seal = ?${isSnapshot ? ', snapshot_up_to = ?' : ''}${data === undefined ? '' : ', data = ?'} WHERE rowid = ? AND actor = ? AND epoch = ? AND version = ? AND later_seal IS ?`,
      ...[writeId, sealOf(actor, epoch, next, writeId), laterSeal, sealOf(actor, next, mark)],
      ...(isSnapshot ? [head.snapshotUpTo] : []),
      ...(data === undefined ? [] : [data]),
      // Who vacuums the file may have moved the row to another place.
      ...[known.place, actor, epoch, version, known.laterSeal],
    );
    if (changed === 1) this.knownRows.set({ place: known.place, head, laterSeal, mark });
    else this.knownRows.drop(actor);
    return changed === 1;
  }

  /** Makes the row of an actor that has none. */
  add(actor: string): ActorHead {
    const head = {
      place: 0,
      actor,
      epoch: 1,
      version: 0,
      writeId: '',
      lastEvent: 0,
      answers: 0,
      keptAnswers: 0,
      snapshotUpTo: null,
      listed: UNLISTED,
    };
    this.sql.run(
      "INSERT INTO actor_state (actor, epoch, version, write_id, listed, seal) VALUES (?, 1, 0, '', 0, ?)",
      actor,
      sealOf(...partsOf(head)),
    );
    return head;
  }

  claim(before: ActorRow): ActorRow {
    const head = { ...before.head, epoch: before.head.epoch + 1 };
    this.sql.run(
      'UPDATE actor_state SET epoch = ?, seal = ? WHERE actor = ?',
      ...[head.epoch, sealOf(...partsOf(head)), head.actor],
    );
    this.list(before.head, head, before.data);
    return { ...before, head };
  }

  /** @param before what is there. @param data the states, as they are afterwards. */
  write(before: ActorHead, head: ActorHead, data: Uint8Array | undefined): void {
    const mark = sealedMark(data ?? null);
    const laterSeal = sealOf(...laterPartsOf(head));
    this.sql.run(
      `UPDATE actor_state SET ${WRITTEN}, data = ? WHERE actor = ?`,
      ...[...writtenOf(head, laterSeal, mark), data ?? null, head.actor],
    );
    const listed = this.list(before, head, data);
    this.knownRows.set({ place: before.place, head: { ...head, listed }, laterSeal, mark });
  }

  /** So many of its answers were forgotten. */
  loseAnswers(before: ActorHead, count: number): void {
    const head = { ...before, keptAnswers: before.keptAnswers - count };
    this.knownRows.drop(head.actor);
    this.sql.run(
      'UPDATE actor_state SET kept_answers = ?, later_seal = ? WHERE actor = ?',
      ...[head.keptAnswers, sealOf(...laterPartsOf(head)), head.actor],
    );
  }

  /** @throws MoonpoolError STORAGE_CORRUPT */
  page({ prefix, after, limit }: ActorQuery): ActorPage {
    const end = endOf(prefix);
    const isInside = after !== undefined && Buffer.compare(Buffer.from(after), Buffer.from(prefix)) >= 0;
    const rows = this.sql.all(
      `SELECT ${HEAD} FROM actor_state WHERE ${IN_LIST} AND actor ${isInside ? '>' : '>='} ? AND actor < CAST(? AS TEXT) ORDER BY actor LIMIT ?`,
      ...[isInside ? after : prefix, end, limit + 1],
    );
    return { actors: rows.slice(0, limit).map(entryOf), isLast: rows.length <= limit };
  }

  count(prefix: string): number {
    const row = this.sql.get(
      `SELECT count(*) AS found FROM actor_state WHERE ${IN_LIST} AND actor >= ? AND actor < CAST(? AS TEXT)`,
      prefix,
      endOf(prefix),
    );
    return Number(row?.['found']);
  }

  /** Returns whether it is in the list. By itself, so that a write which changes nothing of the list leaves the pages of its index alone. */
  private list(before: ActorHead, head: ActorHead, data: Uint8Array | undefined): number {
    const listed = listedOf(head, data);
    if (listed !== before.listed) this.sql.run('UPDATE actor_state SET listed = ? WHERE actor = ?', listed, head.actor);
    return listed;
  }

  private noteReplaced(actor: string, epoch: number, version: number, writeId: string, data: Uint8Array): void {
    const known = this.knownRows.of({ actor, epoch, version: version - 1, writeId });
    if (known === undefined) return;
    this.knownRows.set({ ...known, head: { ...known.head, version, writeId }, mark: sealedMark(data) });
  }
}

/** What stands behind all texts that begin so. */
function endOf(prefix: string): Uint8Array {
  return Buffer.concat([Buffer.from(prefix), Uint8Array.of(BEHIND_ALL)]);
}

function listedOf({ lastEvent }: ActorHead, data: Uint8Array | undefined): number {
  return data !== undefined || lastEvent > 0 ? LISTED : UNLISTED;
}

function entryOf(row: Row): ListedActor {
  const { actor, version } = headOf(row);
  return { actor, version };
}

function headOf(row: Row): ActorHead {
  const head: ActorHead = {
    place: Number(row['place']),
    actor: String(row['actor']),
    epoch: Number(row['epoch']),
    version: Number(row['version']),
    writeId: String(row['write_id']),
    lastEvent: Number(row['last_event']),
    answers: Number(row['answers']),
    keptAnswers: Number(row['kept_answers']),
    snapshotUpTo: row['snapshot_up_to'] === null ? null : Number(row['snapshot_up_to']),
    listed: Number(row['listed']),
  };
  if (!isSealed(row['seal'], ...partsOf(head)) || !isLaterSound(head, row['later_seal']))
    throw spoiled(`state of ${head.actor}`);
  return head;
}

/** There is no seal where there was never anything to seal. */
function isLaterSound(head: ActorHead, seal: unknown): boolean {
  if (seal !== null) return isSealed(seal, ...laterPartsOf(head));
  const { lastEvent, answers, keptAnswers, snapshotUpTo } = head;
  return lastEvent === 0 && answers === 0 && keptAnswers === 0 && snapshotUpTo === null;
}

/** The values of {@link WRITTEN}. @param mark what stands for the states. */
function writtenOf(head: ActorHead, laterSeal: number, mark: string): readonly unknown[] {
  const { actor, version, writeId, lastEvent, answers, keptAnswers, snapshotUpTo } = head;
  return [
    ...[version, writeId, sealOf(...partsOf(head))],
    ...[lastEvent, answers, keptAnswers, snapshotUpTo, laterSeal],
    ...[version, sealOf(actor, version, mark)],
  ];
}

/** What 0.1.0 knows of the row. */
function partsOf({
  actor,
  epoch,
  version,
  writeId,
}: Pick<ActorHead, 'actor' | 'epoch' | 'version' | 'writeId'>): readonly SealedValue[] {
  return [actor, epoch, version, writeId];
}

function laterPartsOf({ actor, lastEvent, answers, keptAnswers, snapshotUpTo }: ActorHead): readonly SealedValue[] {
  return [actor, lastEvent, answers, keptAnswers, snapshotUpTo];
}

function sealOfData({ actor, version }: Pick<ActorHead, 'actor' | 'version'>, data: Uint8Array | undefined): number {
  return sealOf(actor, version, data ?? null);
}
