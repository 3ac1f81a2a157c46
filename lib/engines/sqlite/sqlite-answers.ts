import type { NewAnswer } from '../../storage/state-commit';
import { isSealed, sealOf, spoiled } from './sqlite-seal';
import { bytesOf, type Row, type SqliteStatements } from './sqlite-statements';

/** How many rows are looked at together while old ones are looked for. */
const LOOKED_AT = 200;
const INSERT = 'INSERT INTO answer (actor, key, at, seal, data) VALUES (?, ?, ?, ?, ?)';

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

  /** @param at when it is, in milliseconds since 1970. Returns how many more there are now. */
  remember(actor: string, answers: readonly NewAnswer[], at: number): number {
    let added = 0;
    for (const { key, data } of answers) {
      const row = [actor, key, at, sealOf(actor, key, at, data), data];
      if (this.sql.run(`${INSERT} ON CONFLICT DO NOTHING`, ...row) === 1) {
        added++;
        continue;
      }
      // The row that was there is removed, so that the new one is the youngest.
      this.sql.run('DELETE FROM answer WHERE actor = ? AND key = ?', actor, key);
      this.sql.run(INSERT, ...row);
    }
    return added;
  }

  /** Forgets so many of the oldest of an actor. */
  removeOldest(actor: string, count: number): void {
    this.sql.run(
      'DELETE FROM answer WHERE id IN (SELECT id FROM answer WHERE actor = ? ORDER BY actor, id LIMIT ?)',
      actor,
      count,
    );
  }

  /**
   * Forgets those that were remembered before the moment, so many at most. What is spoiled is left as it is. Returns how many they were of each actor.
   * @param mayLose whether the actor may lose some: its own row is not spoiled.
   */
  forget(before: number, limit: number, mayLose: (actor: string) => boolean): ReadonlyMap<string, number> {
    const forgotten = new Map<string, number>();
    for (let [last, left] = [-1, limit]; ;) {
      const rows = this.sql.all('SELECT * FROM answer WHERE id > ? ORDER BY id LIMIT ?', last, LOOKED_AT);
      for (const row of rows) {
        last = Number(row['id']);
        const actor = String(row['actor']);
        if (left === 0) return forgotten;
        if (!isSound(row) || !mayLose(actor)) continue;
        if (Number(row['at']) >= before) return forgotten;
        this.sql.run('DELETE FROM answer WHERE id = ?', last);
        forgotten.set(actor, (forgotten.get(actor) ?? 0) + 1);
        left--;
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
