import { MoonpoolError } from '../../errors/moonpool-error';
import { STATE_OPERATIONS } from '../../storage/state-storage';
import type { ActorPage, ActorQuery, Forgetting, StoredEvent } from '../../storage/stored-state';
import { NOW } from './postgres-commit-statement';
import type { PostgresRow } from './postgres-driver';
import { MAX_RECORDS, type LaneWork } from './postgres-lane';
import type { PostgresTables } from './postgres-schema';
import { rowSeal, spoiledRow } from './postgres-seal';
import { statement, type PostgresSession, type Statement } from './postgres-session';
import { bytesIn, numberIn, textIn } from './postgres-values';

/** The key of an answer. */
export interface AnswerKey {
  readonly actor: string;
  readonly key: string;
}

/** Which events are asked for. */
export interface HistoryQuery {
  readonly actor: string;
  readonly from: number;
  readonly limit: number;
}

/** How many histories travel together at most, for each may be long. */
const MAX_HISTORIES = 8;
const LAST_CODE_POINT = 0x10_ffff;
const [FIRST_SURROGATE, LAST_SURROGATE] = [0xd800, 0xdfff];

/** Looks for remembered answers. */
export function answers(tables: PostgresTables): LaneWork<AnswerKey, Uint8Array | undefined> {
  const find = statement(
    `SELECT a.n, r.data, r.seal FROM unnest($1::int[], $2::text[], $3::text[]) AS a(n, actor, key)
     JOIN ${tables.of('actor_answer')} r ON r.actor = a.actor AND r.key = a.key`,
  );
  return {
    operation: STATE_OPERATIONS.answer,
    maxBatch: MAX_RECORDS,
    run: async (session, batch) => {
      const asked = [batch.map((_, n) => n), batch.map(({ actor }) => actor), batch.map(({ key }) => key)];
      const found = new Map((await session.rows(find, asked)).map((row) => [numberIn(row, 'n'), row]));
      return batch.map(({ actor, key }, n) => {
        const row = found.get(n);
        if (row === undefined) return undefined;
        const data = bytesIn(row, 'data');
        return numberIn(row, 'seal') === rowSeal(data, actor, key) ? data : spoiledRow(`answer ${key} of ${actor}`);
      });
    },
  };
}

/** Reads of events. */
export function histories(tables: PostgresTables): LaneWork<HistoryQuery, readonly StoredEvent[]> {
  const find = statement(
    `SELECT a.n, e.number, e.at, e.data, e.seal FROM unnest($1::int[], $2::text[], $3::bigint[], $4::bigint[]) AS a(n, actor, first, most)
     CROSS JOIN LATERAL (
       SELECT e.number, e.at, e.data, e.seal FROM ${tables.of('actor_event')} e WHERE e.actor = a.actor AND e.number >= a.first ORDER BY e.number LIMIT a.most
     ) e ORDER BY a.n, e.number`,
  );
  return {
    operation: STATE_OPERATIONS.history,
    maxBatch: MAX_HISTORIES,
    run: async (session, batch) => {
      const rows = batch.map((): PostgresRow[] => []);
      const asked = [batch.map(({ actor }) => actor), batch.map(firstOf), batch.map(({ limit }) => limit)];
      for (const row of await session.rows(find, [batch.map((_, n) => n), ...asked]))
        rows[numberIn(row, 'n')]?.push(row);
      return batch.map((query, n) => eventsIn(rows[n] ?? [], query));
    },
  };
}

function firstOf({ from }: HistoryQuery): number {
  return Math.max(1, from);
}

function eventsIn(rows: readonly PostgresRow[], query: HistoryQuery): readonly StoredEvent[] | MoonpoolError {
  const { actor } = query;
  const events: StoredEvent[] = [];
  for (const row of rows) {
    const event = { number: numberIn(row, 'number'), at: numberIn(row, 'at'), data: bytesIn(row, 'data') };
    const expected = firstOf(query) + events.length;
    if (event.number !== expected) return missingEvent(actor, expected);
    if (numberIn(row, 'seal') !== rowSeal(event.data, actor)) return spoiledRow(`event ${event.number} of ${actor}`);
    events.push(event);
  }
  return events;
}

/** Questions about many rows of actors, which are asked one by one. */
export class PostgresActors {
  private readonly oldAnswers: Statement;
  private readonly states: string;

  constructor(
    tables: PostgresTables,
    private readonly cluster: string,
  ) {
    this.states = tables.of('actor_state');
    const remembered = tables.of('actor_answer');
    // Of an actor the oldest go first, so that the numbers of those that stay have no gaps. Where the clock of the server went back they may have some, and then
    // the answers of the actor are counted from now on.
    this.oldAnswers = statement(
      `WITH gone AS (
         DELETE FROM ${remembered} r USING (
           SELECT actor, key FROM ${remembered} WHERE cluster = $1 AND at < ${NOW} - $2::bigint ORDER BY at, actor, number LIMIT $3 FOR UPDATE
         ) o WHERE r.actor = o.actor AND r.key = o.key RETURNING r.actor, r.number
       ), counted AS (
         UPDATE ${this.states} s SET repeated_answers = s.repeated_answers + 1 WHERE s.actor IN (
           SELECT g.actor FROM gone g JOIN ${remembered} o ON o.actor = g.actor AND o.number < g.number
           WHERE NOT EXISTS (SELECT FROM gone x WHERE x.actor = o.actor AND x.number = o.number)
         )
       ) SELECT 1 AS gone FROM gone`,
    );
  }

  async list(session: PostgresSession, { prefix, after, limit }: ActorQuery): Promise<ActorPage> {
    const { values, wanted } = existing(prefix);
    if (after !== undefined) wanted.push(`actor > $${values.push(after)}`);
    const query = `SELECT actor, version FROM ${this.states} WHERE ${wanted.join(' AND ')} ORDER BY actor LIMIT $${values.push(limit + 1)}`;
    const rows = await session.rows(statement(query), values);
    const actors = rows
      .slice(0, limit)
      .map((row) => ({ actor: textIn(row, 'actor'), version: numberIn(row, 'version') }));
    return { actors, isLast: rows.length <= limit };
  }

  async count(session: PostgresSession, prefix: string): Promise<number> {
    const { values, wanted } = existing(prefix);
    const query = `SELECT count(*) AS actors FROM ${this.states} WHERE ${wanted.join(' AND ')}`;
    const [row] = await session.rows(statement(query), values);
    return row === undefined ? 0 : numberIn(row, 'actors');
  }

  async forget(session: PostgresSession, { answersOlderThanMs, limit }: Forgetting): Promise<number> {
    return (await session.rows(this.oldAnswers, [this.cluster, Math.ceil(answersOlderThanMs), limit])).length;
  }
}

/** Actors of a prefix that something is stored of. The range of paths is there for the index. */
function existing(prefix: string): { readonly values: unknown[]; readonly wanted: string[] } {
  const wanted = ['(data IS NOT NULL OR last_event > 0)'];
  const values: unknown[] = [];
  if (prefix === '') return { values, wanted };
  wanted.push(`actor >= $${values.push(prefix)}`);
  const end = endOf(prefix);
  if (end !== undefined) wanted.push(`actor < $${values.push(end)}`);
  return { values, wanted };
}

/** The first text behind all that begin with the prefix; undefined when there is none. */
function endOf(prefix: string): string | undefined {
  const points = Array.from(prefix, (character) => character.codePointAt(0) as number);
  for (let last = points.pop(); last !== undefined; last = points.pop()) {
    if (last === LAST_CODE_POINT) continue;
    const next = last + 1 === FIRST_SURROGATE ? LAST_SURROGATE + 1 : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return undefined;
}

function missingEvent(actor: string, number: number): MoonpoolError {
  return new MoonpoolError('STORAGE_CORRUPT', {
    message: `The event ${number} of ${actor} is missing: it was removed by something else than Moonpool`,
    remedy: 'Restore the row from a copy. Nothing was changed.',
  });
}
