import type { StoredEvent, StoredSnapshot } from '../../storage/stored-state';
import type { ActorHead } from './sqlite-actor-rows';
import { isSealed, missing, sealOf, spoiled } from './sqlite-seal';
import { bytesOf, type SqliteStatements } from './sqlite-statements';

/** The events of actors and their last snapshots, in tables of their own: neither is written again with each commit. */
export class SqliteJournals {
  constructor(private readonly sql: SqliteStatements) {}

  /** @param lastEvent the number of the event that they follow. @param at when it is, in milliseconds since 1970. */
  append(actor: string, lastEvent: number, events: readonly Uint8Array[], at: number): void {
    events.forEach((data, index) => {
      const number = lastEvent + index + 1;
      this.sql.run(
        'INSERT INTO event (actor, number, at, seal, data) VALUES (?, ?, ?, ?, ?)',
        ...[actor, number, at, sealOf(actor, number, at, data), data],
      );
    });
  }

  /** @throws MoonpoolError STORAGE_CORRUPT when one of them is spoiled or gone. */
  events({ actor, lastEvent }: ActorHead, from: number, limit: number): readonly StoredEvent[] {
    const first = Math.max(1, from);
    const rows = this.sql.all(
      'SELECT number, at, seal, data FROM event WHERE actor = ? AND number >= ? ORDER BY number LIMIT ?',
      ...[actor, first, limit],
    );
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
