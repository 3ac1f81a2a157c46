import type { NewAnswer } from '../../storage/state-commit';
import type { ActorHead } from './sqlite-actor-head';
import { sealOf } from './sqlite-seal';
import type { Row, SqliteStatements } from './sqlite-statements';

/** How many rows are gathered at most before they go to the tables in which they stay, and how many bytes. */
export const MOST_RECENT = 4_096;
const MOST_BYTES = 4_194_304;

/** After which part of them, written by itself, a process looks at how many there are. */
const LOOKS = 8;

/** What is recent of one actor: by the number of the event, or the key of the answer, where it is. */
interface RecentOfActor {
  readonly events: { readonly number: number; readonly place: number }[];
  readonly answers: Map<string, number>;
}

/** Moves all rows to the tables in which they stay. What was remembered once more is the youngest. The last row stays, empty, so that no place is given twice. */
const SETTLE = [
  'INSERT OR REPLACE INTO event (actor, number, at, seal, data) SELECT actor, number, at, event_seal, event FROM recent WHERE number IS NOT NULL ORDER BY actor, number',
  'INSERT OR REPLACE INTO answer (actor, key, number, at, seal, data) SELECT actor, key, place, at, answer_seal, answer FROM recent WHERE key IS NOT NULL ORDER BY actor, key, place',
  "INSERT INTO recent (actor, at) VALUES ('', 0)",
  'DELETE FROM recent WHERE place < (SELECT max(place) FROM recent)',
] as const;

/**
 * The events and answers that were written last, of all actors, one behind the other: so a group of commits writes a few pages, where each of them would write one of the
 * events and one of the answers of its actor. From time to time they are moved together, and sorted, to the tables in which they are found by their actors.
 */
export class SqliteRecent {
  /** What this thread knows of the rows, up to a place; only who reads has it looked for. */
  private readonly byActor = new Map<string, RecentOfActor>();
  private first = 0;
  private last = 0;
  /** What this process has written since it looked at how many there are. */
  private rows = 0;
  private bytes = 0;

  /** @param mostRows how many are gathered before they are moved. */
  constructor(
    private readonly sql: SqliteStatements,
    private readonly mostRows: number,
  ) {}

  /** @param at when it is, in milliseconds since 1970. */
  append(
    { actor, lastEvent }: ActorHead,
    events: readonly Uint8Array[],
    answers: readonly NewAnswer[],
    at: number,
  ): void {
    const count = Math.max(events.length, answers.length);
    for (let index = 0; index < count; index++) {
      const [event, answer] = [events[index], answers[index]];
      const number = lastEvent + index + 1;
      this.sql.run(
        'INSERT INTO recent (actor, at, number, event_seal, key, answer_seal, event, answer) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        ...[actor, at],
        ...(event === undefined ? [null, null] : [number, sealOf(actor, number, at, event)]),
        ...(answer === undefined ? [null, null] : [answer.key, sealOf(actor, answer.key, at, answer.data)]),
        ...[event ?? null, answer?.data ?? null],
      );
      this.bytes += (event?.length ?? 0) + (answer?.data.length ?? 0);
    }
    this.rows += count;
  }

  /** The rows of its events from this number on. */
  events(actor: string, from: number, limit: number): readonly Row[] {
    const recent = this.of(actor)?.events ?? [];
    return recent
      .filter(({ number }) => number >= from)
      .slice(0, limit)
      .flatMap(({ place }) =>
        rowsOf(this.sql.get('SELECT number, at, event_seal AS seal, event AS data FROM recent WHERE place = ?', place)),
      );
  }

  /** The row of the answer under the key. */
  answer(actor: string, key: string): Row | undefined {
    const place = this.of(actor)?.answers.get(key);
    if (place === undefined) return undefined;
    return this.sql.get(
      'SELECT actor, key, at, answer_seal AS seal, answer AS data FROM recent WHERE place = ?',
      place,
    );
  }

  /** The keys of its answers, the oldest first. */
  keys(actor: string): readonly string[] {
    return [...(this.of(actor)?.answers.keys() ?? [])];
  }

  /** Moves them all when there are some of the actor: rows are not changed where they are, for other processes know them too. */
  settleOf(actor: string): void {
    if (this.of(actor) !== undefined) this.settle();
  }

  /** When the oldest was written; undefined when there is none. */
  get oldestAt(): number | undefined {
    const row = this.sql.get(
      "SELECT at FROM recent WHERE place >= ? AND actor <> '' ORDER BY place LIMIT 1",
      this.ends().first,
    );
    return row === undefined ? undefined : Number(row['at']);
  }

  /** There may be so many that they should be moved. */
  get mayBeMany(): boolean {
    return this.rows * LOOKS >= this.mostRows || this.bytes >= MOST_BYTES;
  }

  /** Moves them when there are many. */
  settleMany(): void {
    const { first, last } = this.ends();
    const isMuch = this.bytes >= MOST_BYTES;
    // If it cannot be done, it is not tried again before there is as much once more.
    this.rows = 0;
    this.bytes = 0;
    if (isMuch || last - first >= this.mostRows) this.settle();
  }

  settle(): void {
    for (const statement of SETTLE) this.sql.run(statement);
    this.forgetPlaces();
  }

  /** The transaction was undone: what was found in it may not be there. */
  undone(): void {
    this.forgetPlaces();
  }

  private of(actor: string): RecentOfActor | undefined {
    const { first, last } = this.ends();
    // Others have moved what was there.
    if (first > this.first) this.forgetPlaces();
    if (last > this.last) this.look(last);
    this.first = first;
    return this.byActor.get(actor);
  }

  private look(last: number): void {
    const rows = this.sql.all(
      'SELECT place, actor, number, key FROM recent WHERE place > ? AND place <= ? ORDER BY place',
      this.last,
      last,
    );
    for (const row of rows) {
      const [actor, place] = [String(row['actor']), Number(row['place'])];
      let recent = this.byActor.get(actor);
      if (recent === undefined) this.byActor.set(actor, (recent = { events: [], answers: new Map() }));
      if (row['number'] !== null) recent.events.push({ number: Number(row['number']), place });
      if (row['key'] === null) continue;
      const key = String(row['key']);
      // What is remembered once more is the youngest.
      recent.answers.delete(key);
      recent.answers.set(key, place);
    }
    this.last = last;
  }

  private ends(): { readonly first: number; readonly last: number } {
    const row = this.sql.get(
      'SELECT (SELECT min(place) FROM recent) AS first, (SELECT max(place) FROM recent) AS last',
    );
    return { first: Number(row?.['first'] ?? 0), last: Number(row?.['last'] ?? 0) };
  }

  private forgetPlaces(): void {
    this.byActor.clear();
    this.last = 0;
    this.first = 0;
  }
}

function rowsOf(row: Row | undefined): readonly Row[] {
  return row === undefined ? [] : [row];
}
