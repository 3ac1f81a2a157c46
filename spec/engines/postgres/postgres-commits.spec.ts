import { expect } from 'chai';
import { commits } from '../../../lib/engines/postgres/postgres-commits';
import { PostgresTables } from '../../../lib/engines/postgres/postgres-schema';
import { said, sessionsOf } from './scripted-sessions';

const commit = (actor: string) => ({ actor, epoch: 1, version: 4, writeId: `${actor}:5`, data: Buffer.from('x') });

/** What is stored of an actor, as a server of text says it. */
const row = (actor: string, version: number, writeId: string) => ({
  ...{ actor, epoch: '1', version: String(version), write_id: writeId, is_sound: 't' },
});

describe('Commits to PostgreSQL', () => {
  it('are told why they were refused though what was prepared to ask for that had become stale', async () => {
    const asked: string[] = [];
    const { sessions, thrownAway } = sessionsOf((text, connection) => {
      if (text === 'SELECT 1') return 1;
      const isReason = text.startsWith('SELECT s.actor');
      asked.push(`${connection} ${isReason ? 'why' : 'write'}`);
      // One of the two was accepted on the first connection, and is found by its write id on the second.
      if (!isReason) return connection === 1 ? [{ n: '0' }] : [];
      return connection === 1 ? said('0A000') : [row('a', 5, 'a:5'), row('b', 6, 'of another')];
    });
    const work = commits(new PostgresTables('moonpool'), 'bank', 'a database');
    const outcomes = await sessions.use('commit', (session) => work.run(session, [commit('a'), commit('b')]));
    expect(outcomes).to.deep.equal([
      { kind: 'conflict', version: 5, writeId: 'a:5' },
      { kind: 'conflict', version: 6, writeId: 'of another' },
    ]);
    expect(asked).to.deep.equal(['1 write', '1 why', '2 write', '2 why']);
    expect(thrownAway).to.deep.equal([1]);
  });
});
