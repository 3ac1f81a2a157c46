import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { openSqlite } from '../../../lib/engines/sqlite/sqlite-driver';
import { OpenSqlite } from './sqlite-fixture';

/** The tables of version 0.1, where all was in one file. */
const TABLES_OF_0_1 = `
  CREATE TABLE actor_state (actor TEXT NOT NULL PRIMARY KEY, epoch INTEGER NOT NULL, version INTEGER NOT NULL, write_id TEXT NOT NULL, data BLOB);
  CREATE TABLE member (cluster TEXT NOT NULL, name TEXT NOT NULL, incarnation INTEGER NOT NULL, address TEXT NOT NULL, status TEXT NOT NULL,
    lease_counter INTEGER NOT NULL, load INTEGER NOT NULL, actor_types TEXT NOT NULL, PRIMARY KEY (cluster, name, incarnation)) WITHOUT ROWID;
  CREATE TABLE membership_view (cluster TEXT NOT NULL PRIMARY KEY, version INTEGER NOT NULL, last_incarnation INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE registration (actor TEXT NOT NULL PRIMARY KEY, activation TEXT NOT NULL, node_name TEXT NOT NULL, node_incarnation INTEGER NOT NULL,
    address TEXT NOT NULL) WITHOUT ROWID;
  INSERT INTO actor_state VALUES ('spec/A/a', 4, 9, 'w9', x'010000');
  INSERT INTO member VALUES ('spec', 'n1', 6, '127.0.0.1:4001', 'dead', 3, 0, '["A"]'), ('spec', 'n2', 7, '127.0.0.1:4002', 'active', 30, 2, '["A","B"]');
  INSERT INTO membership_view VALUES ('spec', 12, 7);
  INSERT INTO registration VALUES ('spec/A/a', 'n2#7/1', 'n2', 7, '127.0.0.1:4002');
  PRAGMA user_version = 1;
`;

describe('The tables of a SQLite database', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-schema-'));
    file = join(folder, 'spec.db');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('of members that an earlier release has made are as they were: what is new stands in a table beside them, which is made when it is not there', async () => {
    const first = await OpenSqlite.open(file);
    const node = await first.membership().join({ name: 'a', address: 'a:1', actorTypes: [] }, 0);
    await first.close();
    const earlier = openSqlite(`${file}-cluster`, 5_000);
    earlier.exec('DROP TABLE reach');
    const columns = earlier.prepare('PRAGMA table_info(member)').all();
    expect(columns.map((column) => column?.['name'])).to.deep.equal([
      ...['cluster', 'name', 'incarnation', 'address', 'status', 'lease_counter', 'load'],
      ...['actor_types', 'details', 'seal'],
    ]);
    earlier.close();
    const second = await OpenSqlite.open(file);
    const reach = { unreached: [9], doubted: [9] };
    expect(await second.membership().renew(node ?? { name: '', incarnation: 0 }, 3, reach)).to.equal(true);
    expect((await second.membership().read()).members[0]).to.deep.include({ load: 3, reach });
    await second.close();
  });

  it('of version 0.1 are taken over: states, registrations, members, and the number of the last incarnation', async () => {
    const before = openSqlite(file, 5_000);
    before.exec(TABLES_OF_0_1);
    before.close();
    for (const round of [1, 2]) {
      const database = await OpenSqlite.open(file);
      expect(await database.storage.read('spec/A/a')).to.deep.include({
        epoch: 4,
        version: 9,
        writeId: 'w9',
        data: Uint8Array.from([1, 0, 0]),
      });
      expect(await database.directory.lookup('spec/A/a')).to.deep.include({
        activation: 'n2#7/1',
        node: { name: 'n2', incarnation: 7 },
      });
      const { version, members } = await database.membership().read();
      expect(
        [
          version,
          members.map(({ name, incarnation, status, leaseCounter, actorTypes }) => [
            name,
            incarnation,
            status,
            leaseCounter,
            actorTypes,
          ]),
        ],
        `round ${round}`,
      ).to.deep.equal([
        12,
        [
          ['n1', 6, 'dead', 3, ['A']],
          ['n2', 7, 'active', 30, ['A', 'B']],
        ],
      ]);
      expect(members.map(({ labels }) => labels)).to.deep.equal([undefined, undefined]);
      await database.close();
    }
    const database = await OpenSqlite.open(file);
    expect(await database.storage.claim('spec/A/a')).to.include({ epoch: 5, version: 9 });
    expect(await database.storage.claim('spec/A/a')).to.include({ epoch: 6, version: 9 });
    expect(
      await database.membership().join({ name: 'n3', address: '127.0.0.1:4003', actorTypes: [] }, 12),
    ).to.deep.equal({ name: 'n3', incarnation: 8 });
    await database.close();
  });

  it('are never opened by version 0.1 again, whose nodes would look for the members in the file of the states', async () => {
    const before = openSqlite(file, 5_000);
    before.exec(TABLES_OF_0_1);
    before.close();
    await (await OpenSqlite.open(file)).close();
    const after = openSqlite(file, 5_000);
    expect(Number(after.prepare('PRAGMA user_version').get()?.['user_version'])).to.equal(2);
    expect(
      after.prepare("SELECT name FROM sqlite_master WHERE name IN ('member', 'membership_view')").all(),
    ).to.deep.equal([]);
    after.close();
  });

  it('of the members may be lost: no incarnation is given again to which a registration still leads', async () => {
    const first = await OpenSqlite.open(file);
    const node = { name: 'n', incarnation: 41 };
    await first.directory.register({ actor: 'spec/A/a', activation: 'n#41/1', node, address: '127.0.0.1:4000' });
    await first.close();
    for (const suffix of ['', '-wal', '-shm']) rmSync(`${file}-cluster${suffix}`, { force: true });
    const second = await OpenSqlite.open(file);
    expect(await second.membership().join({ name: 'n', address: '127.0.0.1:4000', actorTypes: [] }, 0)).to.deep.equal({
      name: 'n',
      incarnation: 42,
    });
    expect(
      await second.membership('other').join({ name: 'n', address: '127.0.0.1:4000', actorTypes: [] }, 0),
    ).to.deep.equal({ name: 'n', incarnation: 42 });
    await second.close();
  });
});
