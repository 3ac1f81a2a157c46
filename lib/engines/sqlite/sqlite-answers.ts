import type { NewAnswer } from '../../storage/state-commit';
import { isSealed, sealOf, spoiled } from './sqlite-seal';
import { bytesOf, type Row, type SqliteStatements } from './sqlite-statements';

/** How many rows are looked at together while old ones are looked for, and how many at one time. */
const PAGE = 200;
const MOST_LOOKED_AT = 5_000;

/** Above so many, a quarter more may stay until the oldest are removed together: to find them takes a look at all of the actor. */
const EXACT_UP_TO = 100;

/** The remembered answers of actors. Their numbers grow, so that the oldest of an actor have the lowest. */
export class SqliteAnswers {
  /** Behind which row the next look for old ones begins. */
  private lookedUpTo: readonly [actor: string, key: string] = ['', ''];

  constructor(private readonly sql: SqliteStatements) {}

  /** @throws MoonpoolError STORAGE_CORRUPT */
  answer(actor: string, key: string): Uint8Array | undefined {
    const row = this.sql.get('SELECT actor, key, at, seal, data FROM answer WHERE actor = ? AND key = ?', actor, key);
    if (row === undefined) return undefined;
    if (!isSound(row)) throw spoiled(`answer '${key}' of ${actor}`);
    return bytesOf(row['data']);
  }

  /**
   * @param before how many the actor has ever remembered: the next number.
   * @param at when it is, in milliseconds since 1970. Returns how many more there are now.
   */
  remember(actor: string, before: number, answers: readonly NewAnswer[], at: number): number {
    let added = 0;
    answers.forEach(({ key, data }, index) => {
      const seal = sealOf(actor, key, at, data);
      const number = before + index + 1;
      const isNew = this.sql.run(
        'INSERT INTO answer (actor, key, number, at, seal, data) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING',
        ...[actor, key, number, at, seal, data],
      );
      if (isNew === 1) added++;
      // What is remembered once more is the youngest.
      else
        this.sql.run(
          'UPDATE answer SET number = ?, at = ?, seal = ?, data = ? WHERE actor = ? AND key = ?',
          ...[number, at, seal, data, actor, key],
        );
    });
    return added;
  }

  /** How many of the oldest are to be forgotten now that there are so many. */
  tooMany(remembered: number, kept: number): number {
    const most = kept <= EXACT_UP_TO ? kept : kept + Math.floor(kept / 4);
    return remembered > most ? remembered - kept : 0;
  }

  /** Forgets so many of the oldest of an actor. */
  removeOldest(actor: string, count: number): void {
    this.sql.run(
      'DELETE FROM answer WHERE actor = ? AND key IN (SELECT key FROM answer WHERE actor = ? ORDER BY number LIMIT ?)',
      ...[actor, actor, count],
    );
  }

  /**
   * Forgets those that were remembered before the moment, so many at most, among the next rows behind those of the last look. What is spoiled is left as it is. Returns how many they
   * were of each actor.
   * @param mayLose whether the actor may lose some: its own row is not spoiled.
   */
  forget(before: number, limit: number, mayLose: (actor: string) => boolean): ReadonlyMap<string, number> {
    const forgotten = new Map<string, number>();
    let left = limit;
    for (let looked = 0; looked < MOST_LOOKED_AT && left > 0; looked += PAGE) {
      const rows = this.sql.all(
        'SELECT actor, key, at, seal, data FROM answer WHERE (actor, key) > (?, ?) ORDER BY actor, key LIMIT ?',
        ...[...this.lookedUpTo, PAGE],
      );
      for (const row of rows) {
        if (left === 0) return forgotten;
        const [actor, key] = [String(row['actor']), String(row['key'])];
        this.lookedUpTo = [actor, key];
        if (Number(row['at']) >= before || !isSound(row) || !mayLose(actor)) continue;
        this.sql.run('DELETE FROM answer WHERE actor = ? AND key = ?', actor, key);
        forgotten.set(actor, (forgotten.get(actor) ?? 0) + 1);
        left--;
      }
      if (rows.length === PAGE) continue;
      // The next look begins at the first row again.
      this.lookedUpTo = ['', ''];
      return forgotten;
    }
    return forgotten;
  }

  clear(actor: string): void {
    this.sql.run('DELETE FROM answer WHERE actor = ?', actor);
  }
}

function isSound(row: Row): boolean {
  const [actor, key, at] = [String(row['actor']), String(row['key']), Number(row['at'])];
  return isSealed(row['seal'], actor, key, at, bytesOf(row['data']));
}
