import type { PostgresTables } from './postgres-schema';
import { presentStateSeal, stateSeal } from './postgres-seal';
import { statement, type Statement } from './postgres-session';

/** What the commits of a batch hold, so that the statement for it has no more parts than are needed. */
export interface CommitShape {
  /** There is one commit. The server then knows that one row is changed, and keeps its plan, which takes longer to make than the commit. */
  readonly isSingle: boolean;
  readonly events: boolean;
  readonly answers: boolean;
  /** Some keep no more than so many answers. */
  readonly keeps: boolean;
  readonly deliveries: boolean;
  readonly cancels: boolean;
}

/** The time of the server in whole milliseconds. */
export const NOW = '(floor(extract(epoch FROM clock_timestamp()) * 1000))::bigint';

/** How many parameters each part of the statement takes. */
const WIDTHS = { commits: 12, events: 4, answers: 6, deliveries: 9, cancels: 2 };

/**
 * One statement for a batch of commits, and so one transaction: the rows of the states are changed where epoch and version are as expected, and all else is
 * written for those alone. A commit that was accepted has waited for whoever held its row and found the version that it knew: nobody else has written
 * anything of the actor since then, so what the statement saw of it at its beginning still holds.
 */
export function commitStatement(tables: PostgresTables, parts: CommitShape): Statement {
  const parameters = parameterNames();
  const next = (part: keyof typeof WIDTHS) => parameters(WIDTHS[part]);
  const asked = parts.isSingle ? firstOf : unnested;
  const clauses = [
    acceptedClause(tables, asked(next('commits'), 'a', COMMIT), parts.answers ? next('answers') : undefined),
  ];
  if (parts.events) clauses.push(eventsClause(tables, next('events')));
  if (parts.answers) clauses.push(answersClause(tables));
  if (parts.keeps) clauses.push(forgottenClause(tables), rankedClause(tables, parts.answers));
  if (parts.cancels || parts.deliveries) clauses.push(`own AS (SELECT ${parameters(1)[0]}::text AS cluster)`);
  if (parts.deliveries) clauses.push(deliveriesClause(tables, next('deliveries')));
  if (parts.cancels) clauses.push(cancelsClause(tables, next('cancels')));
  return statement(`WITH ${clauses.join(',\n')} SELECT n FROM accepted`);
}

/** Gives out `$1`, `$2` and so on. */
function parameterNames(): (count: number) => readonly string[] {
  let given = 0;
  return (count) => Array.from({ length: count }, () => `$${++given}`);
}

/** What a part of the parameters is as a table: `unnest($1::int[], ...) AS x(n, ...)`. */
function unnested(names: readonly string[], name: string, columns: Readonly<Record<string, string>>): string {
  const typed = Object.values(columns).map((type, index) => `${names[index]}::${type}[]`);
  return `unnest(${typed.join(', ')}) AS ${name}(${Object.keys(columns).join(', ')})`;
}

/** The same of parameters that have one element each. */
function firstOf(names: readonly string[], name: string, columns: Readonly<Record<string, string>>): string {
  const typed = Object.entries(columns).map(([column, type], index) => `(${names[index]}::${type}[])[1] AS ${column}`);
  return `(SELECT ${typed.join(', ')}) AS ${name}`;
}

/** The columns of a commit. */
const COMMIT = {
  ...{
    n: 'int',
    actor: 'text',
    epoch: 'bigint',
    version: 'bigint',
    write_id: 'text',
    sets_data: 'bool',
    data: 'bytea',
  },
  ...{ up_to: 'bigint', snapshot: 'bytea', events: 'int', answers: 'int', room: 'bigint' },
};

/** @param asked the commits as a table. */
function acceptedClause(tables: PostgresTables, asked: string, answers?: readonly string[]): string {
  const seal = stateSeal({
    ...{ actor: 's.actor', epoch: 's.epoch', version: 's.version + 1', writeId: 'a.write_id' },
    ...{ lastEvent: 's.last_event + a.events', answers: 's.answers + a.answers' },
    upTo: 'coalesce(a.up_to, s.snapshot_up_to)',
  });
  const [clauses, repeated, source] =
    answers === undefined ? ['', '0', 'asked a'] : [`${answersAsked(tables, answers)},\n`, REPEATED, JOINED];
  return `asked AS MATERIALIZED (SELECT * FROM ${asked}),
    ${clauses}accepted AS (
      UPDATE ${tables.of('actor_state')} AS s SET version = s.version + 1, write_id = a.write_id,
        data = CASE WHEN a.sets_data THEN a.data ELSE s.data END,
        snapshot = CASE WHEN a.up_to IS NULL THEN s.snapshot ELSE a.snapshot END,
        snapshot_up_to = coalesce(a.up_to, s.snapshot_up_to),
        last_event = s.last_event + a.events, answers = s.answers + a.answers,
        repeated_answers = s.repeated_answers + ${repeated}, seal = ${seal}
      FROM ${source}
      WHERE s.actor = a.actor AND s.epoch = a.epoch AND s.version = a.version AND s.seal = ${presentStateSeal('s', 'a.actor')}
      RETURNING a.n, s.actor, s.last_event - a.events AS events_before, s.answers - a.answers AS answers_before,
        s.answers, s.repeated_answers, a.room, ${answers === undefined ? '0' : 'coalesce(k.fresh, 0)'} AS fresh
    )`;
}

/** How many answers of a commit take the place of others, as far as the actor's row says how many it has; and how it gets to know. */
const REPEATED = 'a.answers - coalesce(k.fresh, 0) + coalesce(k.known, 0)';
const JOINED = 'asked a LEFT JOIN known k ON k.n = a.n';

function answersAsked(tables: PostgresTables, names: readonly string[]): string {
  const columns = { n: 'int', place: 'int', key: 'text', data: 'bytea', seal: 'bigint', cluster: 'text' };
  return `answered AS MATERIALIZED (SELECT * FROM ${unnested(names, 'x', columns)}),
    known AS (
      SELECT x.n, count(*) AS fresh, count(r.actor) AS known FROM answered x JOIN asked a ON a.n = x.n
      LEFT JOIN ${tables.of('actor_answer')} r ON r.actor = a.actor AND r.key = x.key GROUP BY x.n
    )`;
}

function eventsClause(tables: PostgresTables, names: readonly string[]): string {
  const events = unnested(names, 'e', { n: 'int', place: 'int', data: 'bytea', seal: 'bigint' });
  return `new_events AS (
      INSERT INTO ${tables.of('actor_event')} (actor, number, at, data, seal)
      SELECT c.actor, c.events_before + e.place, ${NOW}, e.data, e.seal FROM accepted c JOIN ${events} ON e.n = c.n
    )`;
}

function answersClause(tables: PostgresTables): string {
  return `new_answers AS (
      INSERT INTO ${tables.of('actor_answer')} AS r (actor, key, number, at, cluster, data, seal)
      SELECT c.actor, x.key, c.answers_before + x.place, ${NOW}, x.cluster, x.data, x.seal FROM accepted c JOIN answered x ON x.n = c.n
      ON CONFLICT (actor, key) DO UPDATE SET number = excluded.number, at = excluded.at, data = excluded.data, seal = excluded.seal
    )`;
}

/** As long as no key came twice, the numbers of an actor's answers have no gaps, and so say themselves which are beyond the kept ones. */
function forgottenClause(tables: PostgresTables): string {
  return `forgotten AS (
      DELETE FROM ${tables.of('actor_answer')} r USING accepted c
      WHERE c.repeated_answers = 0 AND c.answers > c.room AND r.actor = c.actor AND r.number <= c.answers - c.room
    )`;
}

/** Where keys came twice, the answers have to be counted. Those that this commit replaces are among its own, which it keeps. */
function rankedClause(tables: PostgresTables, answers: boolean): string {
  const replaced = answers ? 'AND NOT EXISTS (SELECT FROM answered x WHERE x.n = c.n AND x.key = o.key)' : '';
  return `forgotten_by_rank AS (
      DELETE FROM ${tables.of('actor_answer')} r USING (
        SELECT o.actor, o.key, c.room - c.fresh AS room, row_number() OVER (PARTITION BY o.actor ORDER BY o.number DESC) AS rank
        FROM accepted c JOIN ${tables.of('actor_answer')} o ON o.actor = c.actor
        WHERE c.repeated_answers > 0 AND c.room IS NOT NULL ${replaced}
      ) g WHERE g.rank > g.room AND r.actor = g.actor AND r.key = g.key
    )`;
}

function deliveriesClause(tables: PostgresTables, names: readonly string[]): string {
  const deliveries = unnested(names, 'd', {
    ...{ n: 'int', id: 'text', target: 'text', slot: 'bigint', at: 'bigint', in_ms: 'bigint' },
    ...{ seal: 'bigint', data: 'bytea', data_seal: 'bigint' },
  });
  return `new_deliveries AS (
      INSERT INTO ${tables.of('delivery')} (cluster, id, target, slot, due_at, version, seal, data, data_seal)
      SELECT own.cluster, d.id, d.target, d.slot, coalesce(d.at, ${NOW} + d.in_ms), nextval('${tables.of('delivery_version')}'), d.seal, d.data, d.data_seal
      FROM own CROSS JOIN accepted c JOIN ${deliveries} ON d.n = c.n
      ON CONFLICT (cluster, id) DO UPDATE SET target = excluded.target, slot = excluded.slot, due_at = excluded.due_at,
        version = excluded.version, seal = excluded.seal, data = excluded.data, data_seal = excluded.data_seal
    )`;
}

function cancelsClause(tables: PostgresTables, names: readonly string[]): string {
  return `cancelled AS (
      DELETE FROM ${tables.of('delivery')} v USING own, accepted c JOIN ${unnested(names, 'x', { n: 'int', id: 'text' })} ON x.n = c.n
      WHERE v.cluster = own.cluster AND v.id = x.id
    )`;
}
