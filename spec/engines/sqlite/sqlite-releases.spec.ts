import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect } from 'chai';
import { Actor, ActorRuntime, ActorState, Handler, Persist, sqlite } from 'moonpool';
import { openSqlite, type SqliteDatabase } from '../../../lib/engines/sqlite/sqlite-driver';
import { isSealed, sealOf } from '../../../lib/engines/sqlite/sqlite-seal';
import { OpenSqlite } from './sqlite-fixture';

class Savings {
  amount = 0;
}

@Actor({ name: 'Purse' })
class Purse {
  @Persist(Savings) private readonly savings!: ActorState<Savings>;
  @Handler() async put(amount: number): Promise<number> {
    this.savings.value.amount += amount;
    await this.savings.persist();
    return this.savings.value.amount;
  }
}

/** Files as those releases wrote them: alice put 5 and 2 into her purse, bob 30, and one with an umlaut 1. */
const FILES: Readonly<Record<string, string>> = {
  'from before members had a file of their own': 'tables-1.db.gz',
  'of 0.1.0': 'tables-2-of-0.1.0.db.gz',
};
const FIXTURES = join(__dirname, '..', '..', '..', '..', 'spec', 'engines', 'sqlite', 'fixtures');

describe('A SQLite database of another release', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-releases-'));
    file = join(folder, 'spec.db');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function withDatabase(work: (database: OpenSqlite) => Promise<void>): Promise<void> {
    const database = await OpenSqlite.open(file);
    await work(database).finally(() => database.close());
  }

  for (const [what, name] of Object.entries(FILES)) {
    it(`is used as it is, with all states, the next epochs and its list: ${what}`, async () => {
      writeFileSync(file, gunzipSync(readFileSync(join(FIXTURES, name))));
      for (let round = 0; round < 2; round++)
        await withDatabase(async ({ storage }) => {
          expect(await storage.read('bank/Purse/alice')).to.include({ epoch: 1, version: 2, writeId: 'n#1/1:2' });
          const names = ['alice', 'bob', '\u{e4}'].map((key) => `bank/Purse/${key}`);
          const { actors } = await storage.list({ prefix: 'bank/Purse/', limit: 10 });
          expect(actors.map(({ actor }) => actor)).to.deep.equal(names);
          expect(await storage.count('')).to.equal(3);
        });
      const options = { namespace: 'bank', actors: [Purse], modules: [sqlite({ file })] };
      for (const more of [1, 2]) {
        const node = await ActorRuntime.start({ ...options, name: 'n' });
        expect(await node.actor(Purse, 'alice').put(1)).to.equal(7 + more);
        expect(await node.actor(Purse, '\u{e4}').put(1)).to.equal(1 + more);
        expect(await node.actor(Purse, `new-${more}`).put(3)).to.equal(3);
        await node.shutdown();
      }
      await withDatabase(async ({ storage }) => {
        expect(await storage.read('bank/Purse/alice')).to.include({ epoch: 3, version: 4 });
        expect(await storage.count('')).to.equal(5);
      });
    });
  }

  it('is one that 0.1.0 goes on with, while its nodes are replaced and back: each reads what the other has written', async () => {
    const data = (text: string) => Buffer.from(text);
    await withDatabase(async ({ storage }) => {
      const commit = { actor: 'a/b/1', epoch: 1, version: 0, writeId: 'new' };
      await storage.claim('a/b/1');
      const events = [data('e1')];
      expect(await storage.commit({ ...commit, data: data('new'), events })).to.include({ kind: 'accepted' });
      await storage.claim('a/b/2');
    });
    const old = openSqlite(file, 1_000);
    expect(Number(old.prepare('PRAGMA user_version').get()?.['user_version'])).to.equal(2);
    for (const actor of ['a/b/1', 'a/b/2']) expect(isSoundFor010(old, actor), actor).to.equal(true);
    writeAs010(old, 'a/b/1', 1, 1, data('old'));
    claimAs010(old, 'a/b/3');
    writeAs010(old, 'a/b/3', 1, 0, data('made'));
    claimAs010(old, 'a/b/4');
    // What was only claimed by this release is listed when this release sees what was written.
    writeAs010(old, 'a/b/2', 1, 0, data('late'));
    old.close();
    await withDatabase(async ({ storage }) => {
      const found = await storage.read('a/b/1');
      expect(found).to.include({ version: 2, writeId: 'w', lastEvent: 1 });
      expect(Buffer.from(found?.data ?? []).toString()).to.equal('old');
      const { actors } = await storage.list({ prefix: '', limit: 10 });
      expect(actors).to.deep.equal([
        { actor: 'a/b/1', version: 2 },
        { actor: 'a/b/3', version: 1 },
      ]);
      expect(await storage.claim('a/b/2')).to.include({ epoch: 2, version: 1 });
      expect(await storage.count('')).to.equal(3);
      const commit = { epoch: 2, writeId: 'w2', events: [data('e2')] };
      for (const [actor, version] of [['a/b/1', 2] as const, ['a/b/3', 1] as const]) {
        expect(await storage.claim(actor)).to.include({ epoch: 2, version });
        expect(await storage.commit({ actor, version, ...commit })).to.include({ kind: 'accepted' });
        expect((await storage.read(actor))?.data).to.have.length(version === 2 ? 3 : 4);
      }
      expect(await storage.history('a/b/1', 1, 10)).to.have.length(2);
    });
    const again = openSqlite(file, 1_000);
    for (const actor of ['a/b/1', 'a/b/2', 'a/b/3']) expect(isSoundFor010(again, actor), actor).to.equal(true);
    again.close();
  });
});

/** As 0.1.0 looks at a row that it has read. */
function isSoundFor010(database: SqliteDatabase, actor: string): boolean {
  const row = database
    .prepare('SELECT epoch, version, write_id, data, seal FROM actor_state WHERE actor = ?')
    .get(actor);
  return isSealed(row?.['seal'], actor, Number(row?.['epoch']), Number(row?.['version']), String(row?.['write_id']));
}

function claimAs010(database: SqliteDatabase, actor: string): void {
  const insert = "INSERT INTO actor_state (actor, epoch, version, write_id, data, seal) VALUES (?, 1, 0, '', NULL, ?)";
  database.prepare(insert).run(actor, sealOf(actor, 1, 0, ''));
}

function writeAs010(database: SqliteDatabase, actor: string, epoch: number, version: number, data: Buffer): void {
  database
    .prepare(
      'UPDATE actor_state SET version = version + 1, write_id = ?, data = ?, seal = ? WHERE actor = ? AND epoch = ? AND version = ?',
    )
    .run('w', data, sealOf(actor, epoch, version + 1, 'w'), actor, epoch, version);
}
