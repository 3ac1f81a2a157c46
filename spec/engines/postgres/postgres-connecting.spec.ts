import { expect } from 'chai';
import { Deferred } from '../../../lib/concurrency/deferred';
import type { PostgresClient, PostgresPool } from '../../../lib/engines/postgres/postgres-driver';
import { PostgresSessions, type SessionParts } from '../../../lib/engines/postgres/postgres-sessions';
import { Xoshiro128 } from '../../../lib/simulation/random/xoshiro128';
import { ManualTimers } from '../../scheduling/manual-timers';
import { failureOf } from './postgres-fixture';

/** A clock with timers on which somebody may sleep. */
class SleepingTimers extends ManualTimers {
  override sleep(ms?: number): never {
    return new Promise<void>((resolve) => void this.schedule(ms ?? 0, resolve)) as never;
  }
}

describe('Connections to PostgreSQL that are waited for', () => {
  let time: SleepingTimers;
  let connecting: Deferred<PostgresClient>[];
  let released: (boolean | undefined)[];
  let sessions: PostgresSessions;

  const client = {
    query: async () => ({ rows: [] }),
    release: (destroy?: boolean) => released.push(destroy),
    on: () => undefined,
  } as unknown as PostgresClient;
  const settled = () => new Promise((resolve) => setImmediate(resolve));
  const ask = () => failureOf(sessions.begin('ask', (session) => session.rows({ name: 's', text: 'asked' } as never)));

  beforeEach(() => {
    [time, connecting, released] = [new SleepingTimers(), [], []];
    const connect = () => {
      const next = new Deferred<PostgresClient>();
      connecting.push(next);
      return next.promise;
    };
    sessions = new PostgresSessions({
      ...{ pool: { connect } as Partial<PostgresPool>, place: 'a database', time, random: new Xoshiro128(1) },
      ...{ connectTimeoutMs: 100, answerTimeoutMs: 1_000, maxWaitMs: 5_000, inspect: async () => undefined },
    } as unknown as SessionParts);
  });

  it('go back to the pool when they come too late, for nobody has them', async () => {
    const failure = ask();
    await settled();
    time.pass(100);
    expect(await failure).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
    connecting[0]?.resolve(client);
    await settled();
    expect(released).to.deep.equal([undefined]);
  });

  it('are tried again after a while, for which nobody waits who ends', async () => {
    const first = ask();
    await settled();
    connecting[0]?.reject(new Error('nobody listens'));
    expect(await first).to.include({ executed: 'no' });
    const waiting = ask();
    await settled();
    expect(connecting).to.have.length(1);
    time.pass(5_000);
    await settled();
    expect(connecting).to.have.length(2);
    connecting[1]?.reject(new Error('nobody listens'));
    await waiting;
    sessions.enter('end');
    const end = sessions.stop();
    const last = failureOf(sessions.use('say goodbye', async () => undefined));
    await settled();
    expect(connecting, 'at once').to.have.length(3);
    connecting[2]?.reject(new Error('nobody listens'));
    await last;
    sessions.leave();
    await end;
  });
});
