import { expect } from 'chai';
import { isMoonpoolError } from 'moonpool';
import type { PostgresClient, PostgresPool, PostgresQuery } from '../../../lib/engines/postgres/postgres-driver';
import { PostgresSessions } from '../../../lib/engines/postgres/postgres-sessions';
import { NodeRandomProvider } from '../../../lib/providers/node/node-random-provider';
import { NodeTimeProvider } from '../../../lib/providers/node/node-time-provider';
import { failureOf } from './postgres-fixture';

/** An error as a server gives it, in its own language. */
function said(code: string, severity = 'FEHLER'): Error {
  return Object.assign(new Error(`what it says of ${code}`), { code, severity });
}

/** What `pg` says of a connection that has ended. */
const ENDED = new Error('Connection terminated unexpectedly');

/** Connections of a server that answers each statement as `answer` says; which of them were thrown away is noted. */
function sessionsOf(answer: (text: string, connection: number) => unknown): {
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
        return { rows: [{ given: String(given) }] };
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

describe('Sessions with PostgreSQL', () => {
  it('take what the server refuses for refused, in whatever language it says so, and keep the connection', async () => {
    for (const state of ['40P01', '55P03', '57014', '23505', '53100', '42P01']) {
      const { sessions, thrownAway } = sessionsOf((text) => (text === 'asked' ? said(state) : 1));
      const failure = await failureOf(sessions.use('ask', (session) => session.rows('asked')));
      expect(failure, state).to.include({ code: state });
      expect(thrownAway, state).to.deep.equal([]);
      expect(await failureOf(sessions.begin('ask', (session) => session.rows('asked')))).to.include({ executed: 'no' });
    }
  });

  it('know by its code what ends a connection, in whatever language the server says so', async () => {
    for (const state of ['08P01', '25P03', '25P04', '57P01', '57P02', '57P03', '57P05']) {
      const { sessions, thrownAway } = sessionsOf((text) => (text === 'asked' ? said(state, '致命的エラー') : 1));
      const failure = await failureOf(sessions.use('ask', (session) => session.rows('asked')));
      expect(failure, state).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'maybe' });
      expect(thrownAway, state).to.deep.equal([1]);
    }
  });

  it('do not know what was done by a server that has ended itself, whatever it said before', async () => {
    for (const [state, code] of [
      ['53100', 'STORAGE_FULL'],
      ['58030', 'STORAGE_UNAVAILABLE'],
    ] as const) {
      const { sessions, thrownAway } = sessionsOf((text) => (text === 'asked' ? said(state, 'PANIK') : ENDED));
      const failure = await failureOf(sessions.use('ask', (session) => session.rows('asked')));
      expect(isMoonpoolError(failure, code), state).to.equal(true);
      expect(failure).to.include({ executed: 'maybe' });
      expect(thrownAway).to.deep.equal([1]);
    }
  });

  it('take no error of the system for one of the server', async () => {
    const { sessions, thrownAway } = sessionsOf(() => Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }));
    const failure = await failureOf(sessions.use('ask', (session) => session.rows('asked')));
    expect(failure).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'maybe' });
    expect(thrownAway).to.deep.equal([1]);
  });
});
