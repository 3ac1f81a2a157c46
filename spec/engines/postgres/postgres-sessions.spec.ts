import { expect } from 'chai';
import { isMoonpoolError } from 'moonpool';
import { failureOf } from './postgres-fixture';
import { ENDED, said, sessionsOf } from './scripted-sessions';

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
