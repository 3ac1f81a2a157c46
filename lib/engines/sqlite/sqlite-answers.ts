import type { SqliteRecent } from './sqlite-recent';
import { isSealed, spoiled } from './sqlite-seal';
import { bytesOf, type Row, type SqliteStatements } from './sqlite-statements';

/** How many rows are looked at together while old ones are looked for, and how many at one time. */
const PAGE = 200;
const MOST_LOOKED_AT = 5_000;

/** Above so many, a quarter more may stay until the oldest are removed together: to find them takes a look at all of the actor. */
const EXACT_UP_TO = 100;

/** The remembered answers of actors. Their numbers, the places that they were first written to, grow, so that the oldest of an actor have the lowest. */
export class SqliteAnswers {
  /** Behind which row the next look for old ones begins. */
  private lookedUpTo: readonly [actor: string, key: string] = ['', ''];

  constructor(
    private readonly sql: SqliteStatements,
    private readonly recent: SqliteRecent,
  ) {}

  /** @throws MoonpoolError STORAGE_CORRUPT */
  answer(actor: string, key: string): Uint8Array | undefined {
    const row =
      this.recent.answer(actor, key) ??
      this.sql.get('SELECT actor, key, at, seal, data FROM answer WHERE actor = ? AND key = ?', actor, key);
    if (row === undefined) return undefined;
    if (!isSound(row)) throw spoiled(`answer '${key}' of ${actor}`);
    return bytesOf(row['data']);
  }

  /** The oldest are to be forgotten now that there are so many. */
  areTooMany(remembered: number, kept: number): boolean {
    return remembered > (kept <= EXACT_UP_TO ? kept : kept + Math.floor(kept / 4));
  }

  /** Forgets the oldest of an actor, and keeps so many of them. Returns how many there are. */
  prune(actor: string, kept: number): number {
    const recent = this.recent.keys(actor);
    // What was remembered once more is there in its place.
    for (const key of recent) this.sql.run('DELETE FROM answer WHERE actor = ? AND key = ?', actor, key);
    const settled = Number(this.sql.get('SELECT count(*) AS found FROM answer WHERE actor = ?', actor)?.['found']);
    const over = Math.max(0, settled + recent.length - kept);
    if (over > settled) this.recent.settle();
    if (over > 0)
      this.sql.run(
        'DELETE FROM answer WHERE actor = ? AND key IN (SELECT key FROM answer WHERE actor = ? ORDER BY number LIMIT ?)',
        ...[actor, actor, over],
      );
    return settled + recent.length - over;
  }

  /**
   * Forgets those that were remembered before the moment, so many at most, among the next rows behind those of the last look. What is spoiled is left as it is. Returns how many they
   * were of each actor.
   * @param mayLose whether the actor may lose some: its own row is not spoiled.
   */
  forget(before: number, limit: number, mayLose: (actor: string) => boolean): ReadonlyMap<string, number> {
    const { oldestAt } = this.recent;
    if (oldestAt !== undefined && oldestAt < before) this.recent.settle();
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
