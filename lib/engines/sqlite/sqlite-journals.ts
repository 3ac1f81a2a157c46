import type { StoredEvent, StoredSnapshot } from '../../storage/stored-state';
import type { ActorHead } from './sqlite-actor-head';
import type { SqliteRecent } from './sqlite-recent';
import { isSealed, missing, sealOf, spoiled } from './sqlite-seal';
import { bytesOf, type SqliteStatements } from './sqlite-statements';

/** The events of actors and their last snapshots, in tables of their own: neither is written again with each commit. */
export class SqliteJournals {
  constructor(
    private readonly sql: SqliteStatements,
    private readonly recent: SqliteRecent,
  ) {}

  /**
   * The first events of an actor follow none.
   * @throws MoonpoolError STORAGE_CORRUPT when there are some: its row was removed.
   */
  requireNone(actor: string): void {
    if (this.sql.get('SELECT number FROM event WHERE actor = ? LIMIT 1', actor) !== undefined)
      throw missing(`state of ${actor}, of which there are events`);
  }

  /** @throws MoonpoolError STORAGE_CORRUPT when one of them is spoiled or gone. */
  events({ actor, lastEvent }: ActorHead, from: number, limit: number): readonly StoredEvent[] {
    const first = Math.max(1, from);
    const settled = this.sql.all(
      'SELECT number, at, seal, data FROM event WHERE actor = ? AND number >= ? ORDER BY number LIMIT ?',
      ...[actor, first, limit],
    );
    const room = limit - settled.length;
    const rows = room === 0 ? settled : [...settled, ...this.recent.events(actor, first + settled.length, room)];
    const events = rows.map((row, index) => {
      const event = {
        number: Number(row['number']),
        at: Number(row['at']),
        data: bytesOf(row['data']),
      };
      if (event.number !== first + index) throw missing(`event ${first + index} of ${actor}`);
      if (!isSealed(row['seal'], actor, event.number, event.at, event.data))
        throw spoiled(`event ${event.number} of ${actor}`);
      return event;
    });
    const next = first + events.length;
    if (events.length < limit && next <= lastEvent) throw missing(`event ${next} of ${actor}`);
    return events;
  }

  putSnapshot(actor: string, { upTo, data }: StoredSnapshot): void {
    this.sql.run(
      'INSERT OR REPLACE INTO snapshot (actor, up_to, seal, data) VALUES (?, ?, ?, ?)',
      ...[actor, upTo, sealOf(actor, upTo, data), data],
    );
  }

  /** @throws MoonpoolError STORAGE_CORRUPT */
  snapshot({ actor, snapshotUpTo }: ActorHead): StoredSnapshot | undefined {
    if (snapshotUpTo === null) return undefined;
    const row = this.sql.get('SELECT up_to, seal, data FROM snapshot WHERE actor = ?', actor);
    if (row === undefined) throw missing(`snapshot of ${actor}`);
    const snapshot = { upTo: Number(row['up_to']), data: bytesOf(row['data']) };
    if (snapshot.upTo !== snapshotUpTo || !isSealed(row['seal'], actor, snapshot.upTo, snapshot.data))
      throw spoiled(`snapshot of ${actor}`);
    return snapshot;
  }

  clear(actor: string): void {
    this.sql.run('DELETE FROM event WHERE actor = ?', actor);
    this.sql.run('DELETE FROM snapshot WHERE actor = ?', actor);
  }
}
