import type { NewAnswer } from '../../storage/state-commit';
import { isSealed, sealOf, spoiled } from './sqlite-seal';
import { bytesOf, type Row, type SqliteStatements } from './sqlite-statements';

/** How many rows are looked at together while old ones are looked for. */
const LOOKED_AT = 200;

/** The remembered answers of actors. Their ids grow, so that the oldest of an actor and of all have the lowest. */
export class SqliteAnswers {
  constructor(private readonly sql: SqliteStatements) {}

  /** @throws MoonpoolError STORAGE_CORRUPT */
  answer(actor: string, key: string): Uint8Array | undefined {
    const row = this.sql.get('SELECT actor, key, at, seal, data FROM answer WHERE actor = ? AND key = ?', actor, key);
    if (row === undefined) return undefined;
    if (!isSound(row)) throw spoiled(`answer '${key}' of ${actor}`);
    return bytesOf(row['data']);
  }

  /** @param at when it is, in milliseconds since 1970. */
  remember(actor: string, answers: readonly NewAnswer[], at: number): void {
    for (const { key, data } of answers)
      // The row that was there is removed, so that the new one is the youngest.
      this.sql.run(
        'INSERT OR REPLACE INTO answer (actor, key, at, seal, data) VALUES (?, ?, ?, ?, ?)',
        ...[actor, key, at, sealOf(actor, key, at, data), data],
      );
  }

  /** Forgets the oldest beyond so many. */
  keep(actor: string, kept: number): void {
    this.sql.run(
      'DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE actor = ? ORDER BY actor DESC, id DESC LIMIT -1 OFFSET ?)',
      actor,
      kept,
    );
  }

  /** Forgets those that were remembered before the moment, so many at most. What is spoiled is left as it is. Returns how many they were. */
  forget(before: number, limit: number): number {
    let [forgotten, last] = [0, -1];
    for (;;) {
      const rows = this.sql.all('SELECT * FROM answer WHERE id > ? ORDER BY id LIMIT ?', last, LOOKED_AT);
      for (const row of rows) {
        last = Number(row['id']);
        if (forgotten === limit) return forgotten;
        if (!isSound(row)) continue;
        if (Number(row['at']) >= before) return forgotten;
        this.sql.run('DELETE FROM answer WHERE id = ?', last);
        forgotten++;
      }
      if (rows.length < LOOKED_AT) return forgotten;
    }
  }

  clear(actor: string): void {
    this.sql.run('DELETE FROM answer WHERE actor = ?', actor);
  }
}

function isSound(row: Row): boolean {
  const [actor, key, at] = [String(row['actor']), String(row['key']), Number(row['at'])];
  return isSealed(row['seal'], actor, key, at, bytesOf(row['data']));
}
