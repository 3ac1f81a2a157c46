import { expect } from 'chai';
import { PostgresHeldConnection, type ConnectionUse } from '../../../lib/engines/postgres/postgres-held-connection';
import { eventually, failureOf, sleep } from './postgres-fixture';
import { said, sessionsOf } from './scripted-sessions';

describe('A connection to PostgreSQL that is held', () => {
  it('is looked for no more once it was stopped, and whoever asks is told so', async () => {
    const { sessions } = sessionsOf(() => 1);
    const held = new PostgresHeldConnection(sessions);
    held.stop();
    held.use({ begin: async () => undefined });
    const ask = () => held.ask('ask', (session) => session.rows('asked'));
    // Without an end to its wait this would let nothing else of the process go on.
    expect(await failureOf(ask())).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
    await sleep(1);
    expect(await failureOf(ask())).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
    expect(held.isOpen).to.equal(false);
  });

  it('is told of as gone when it is stopped while it is looked for', async () => {
    const { sessions } = sessionsOf(() => 1);
    const held = new PostgresHeldConnection(sessions);
    held.use({ begin: async () => undefined });
    const asked = failureOf(held.ask('ask', (session) => session.rows('asked')));
    held.stop();
    expect(await asked).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
    expect(held.isOpen).to.equal(false);
  });

  it('is looked for again with growing waits while what begins on it is refused, and used when it is not', async () => {
    let isRefused = true;
    const { sessions, thrownAway } = sessionsOf((text) => (text === 'LISTEN it' && isRefused ? said('0A000') : 1));
    const held = new PostgresHeldConnection(sessions);
    const use: ConnectionUse = { begin: (session) => session.run('LISTEN it') };
    const end = held.use(use);
    await sleep(200);
    expect(thrownAway.length).to.be.within(2, 12);
    isRefused = false;
    await eventually(async () => expect(held.isOpen).to.equal(true));
    expect(await held.ask('ask', (session) => session.rows('asked'))).to.deep.equal([{ given: '1' }]);
    end();
    expect(held.isOpen).to.equal(false);
  });
});
