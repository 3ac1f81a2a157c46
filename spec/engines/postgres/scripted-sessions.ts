import type { PostgresClient, PostgresPool, PostgresQuery } from '../../../lib/engines/postgres/postgres-driver';
import { PostgresSessions } from '../../../lib/engines/postgres/postgres-sessions';
import { NodeRandomProvider } from '../../../lib/providers/node/node-random-provider';
import { NodeTimeProvider } from '../../../lib/providers/node/node-time-provider';

/** An error as a server gives it, in its own language. */
export function said(code: string, severity = 'FEHLER'): Error {
  return Object.assign(new Error(`what it says of ${code}`), { code, severity });
}

/** What `pg` says of a connection that has ended. */
export const ENDED = new Error('Connection terminated unexpectedly');

/** Connections of a server that answers each statement as `answer` says, with one value or with rows; which of them were thrown away is noted. */
export function sessionsOf(answer: (text: string, connection: number) => unknown): {
  readonly sessions: PostgresSessions;
  readonly thrownAway: number[];
} {
  const thrownAway: number[] = [];
  const idle: { number: number; client: PostgresClient }[] = [];
  let opened = 0;
  const open = (): { number: number; client: PostgresClient } => {
    const number = ++opened;
    const client: PostgresClient = {
      async query({ text }: PostgresQuery) {
        const given = answer(text, number);
        if (given instanceof Error) throw given;
        return { rows: Array.isArray(given) ? given : [{ given: String(given) }] };
      },
      release: (destroy = false) => (destroy ? thrownAway.push(number) : idle.push({ number, client })),
      on: () => undefined,
      removeListener: () => undefined,
    };
    return { number, client };
  };
  const pool: PostgresPool = {
    options: {},
    connect: async () => (idle.pop() ?? open()).client,
    on: () => undefined,
    removeListener: () => undefined,
    end: async () => undefined,
  };
  const sessions = new PostgresSessions({
    ...{ pool, place: 'a database', time: new NodeTimeProvider(), random: new NodeRandomProvider() },
    ...{ connectTimeoutMs: 1_000, answerTimeoutMs: 1_000, maxWaitMs: 50, inspect: async () => undefined },
  });
  return { sessions, thrownAway };
}
