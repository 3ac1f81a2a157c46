import {
  copyFileSync,
  mkdtempSync,
  openSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Actor, ActorRuntime, ActorState, Handler, Logger, Persist, sqlite, type ContainerModule } from 'moonpool';
import { MembershipStore } from 'moonpool/modules';
import { runBatch } from '../../../lib/engines/sqlite/sqlite-batch';
import { STATES_TABLE } from '../../../lib/engines/sqlite/sqlite-operations';
import { serverOf } from '../../../lib/providers/store-operations';
import { openSqlite, type SqliteDatabase } from '../../../lib/engines/sqlite/sqlite-driver';
import { sqliteFailure } from '../../../lib/engines/sqlite/sqlite-failure';
import { prepareStates } from '../../../lib/engines/sqlite/sqlite-schema';
import { SqliteStateOperations } from '../../../lib/engines/sqlite/sqlite-state-operations';
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

const logged: string[] = [];
const log: ContainerModule = {
  name: 'log',
  load: (bind) =>
    bind(Logger).toValue({
      info: () => undefined,
      warn: (message) => void logged.push(message),
      error: (message, error) => void logged.push(`${message}: ${String(error)}`),
    }),
};
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'none',
    (error: { code: string }) => error.code,
  );

describe('A SQLite database that is damaged', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-damage-'));
    file = join(folder, 'spec.db');
    logged.splice(0);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Changes the database by its own means, while nobody else has it open. */
  function change(path: string, work: (database: SqliteDatabase) => unknown): void {
    const database = openSqlite(path, 5_000);
    work(database);
    database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    database.close();
  }

  async function withDatabase<T>(work: (database: OpenSqlite) => Promise<T>): Promise<T> {
    const database = await OpenSqlite.open(file);
    try {
      return await work(database);
    } finally {
      await database.close();
    }
  }

  it('spoils what lies on a spoiled page and nothing else, though all is asked at once', async () => {
    const actors = Array.from({ length: 2_000 }, (_, number) => `a/b/${String(number).padStart(4, '0')}`);
    await withDatabase(async ({ storage }) => {
      await Promise.all(
        actors.map(async (actor) => {
          await storage.claim(actor);
          await storage.commit({ actor, epoch: 1, version: 0, writeId: actor, data: Buffer.alloc(200, actor) });
        }),
      );
    });
    change(file, () => undefined);
    const pages = spoilPage(file, Buffer.from('a/b/1000'));
    expect(pages).to.be.greaterThan(0);
    await withDatabase(async ({ storage }) => {
      const codes = await Promise.all(actors.map((actor) => codeOf(storage.claim(actor))));
      const spoiled = codes.filter((code) => code !== 'none');
      expect(new Set(spoiled)).to.deep.equal(new Set(['STORAGE_CORRUPT']));
      expect(spoiled.length).to.be.within(1, 400);
      const failure: unknown = await storage
        .claim(actors[codes.indexOf('STORAGE_CORRUPT')] as string)
        .catch((error: unknown) => error);
      expect(String(failure))
        .to.contain(file)
        .and.to.match(/SQLITE_CORRUPT/);
    });
  });

  it('serves no epoch, version, write id or registration in which a digit was flipped, and no other actor is concerned', async () => {
    const registration = (actor: string) => ({
      actor,
      activation: `n#1/${actor}`,
      node: { name: 'n', incarnation: 1 },
      address: '127.0.0.1:4000',
    });
    await withDatabase(async ({ storage, directory }) => {
      for (const actor of ['a', 'b', 'c', 'd', 'e']) {
        await storage.claim(actor);
        await storage.commit({ actor, epoch: 1, version: 0, writeId: 'w1', data: Buffer.from('x') });
        await directory.register(registration(actor));
      }
    });
    change(file, (database) => {
      database.exec(
        "UPDATE actor_state SET epoch = 3 WHERE actor = 'a'; UPDATE actor_state SET version = 9 WHERE actor = 'b'; UPDATE actor_state SET write_id = 'w9' WHERE actor = 'c'",
      );
      database.exec(
        "UPDATE registration SET address = '127.0.0.1:4001' WHERE actor = 'a'; UPDATE registration SET node_incarnation = 3 WHERE actor = 'b'; UPDATE registration SET activation = 'n#1/9' WHERE actor = 'c'",
      );
      database.exec(
        "UPDATE actor_state SET actor = 'f' WHERE actor = 'd'; UPDATE registration SET actor = 'f' WHERE actor = 'd'",
      );
    });
    await withDatabase(async ({ storage, directory }) => {
      for (const actor of ['a', 'b', 'c', 'f']) {
        expect(await codeOf(storage.claim(actor)), actor).to.equal('STORAGE_CORRUPT');
        expect(await codeOf(storage.read(actor)), actor).to.equal('STORAGE_CORRUPT');
        expect(
          await codeOf(storage.commit({ actor, epoch: 2, version: 1, writeId: 'w2', data: Buffer.from('y') })),
          actor,
        ).to.equal('STORAGE_CORRUPT');
        expect(await codeOf(directory.lookup(actor)), actor).to.equal('STORAGE_CORRUPT');
        expect(await codeOf(directory.register({ ...registration(actor), activation: 'new' })), actor).to.equal(
          'STORAGE_CORRUPT',
        );
      }
      expect(await storage.claim('e')).to.include({ epoch: 2, version: 1, writeId: 'w1' });
      expect(await directory.lookup('e')).to.deep.equal(registration('e'));
    });
  });

  it('gives a member whose row was changed nothing new, and ends it', async () => {
    const node = await withDatabase((database) =>
      database.membership().join({ name: 'n', address: '127.0.0.1:4000', actorTypes: ['T'] }, 0),
    );
    change(`${file}-cluster`, (database) => database.exec("UPDATE member SET address = '127.0.0.1:4001'"));
    await withDatabase(async (database) => {
      const { members } = await database.membership().read();
      expect(members).to.have.length(1);
      expect(members[0]).to.deep.include({ name: 'n', status: 'leaving', actorTypes: [] });
      expect(await database.membership().renew(node as { name: string; incarnation: number }, 0)).to.equal(false);
    });
  });

  it('says what is wrong with the file, and in whose hands it is', async () => {
    writeFileSync(file, 'this is a letter, and no database at all'.repeat(20));
    const noDatabase: unknown = await OpenSqlite.open(file).catch((error: unknown) => error);
    expect(noDatabase).to.have.property('code', 'STORAGE_CORRUPT');
    expect(String(noDatabase)).to.contain(`The database ${file} could not be opened: it is no database (SQLITE_NOTADB`);
    const noFolder: unknown = await OpenSqlite.open(join(folder, 'no', 'x.db')).catch((error: unknown) => error);
    expect(noFolder).to.have.property('code', 'STORAGE_UNAVAILABLE');
    expect(String(noFolder))
      .to.contain(`its folder ${join(folder, 'no')} does not exist`)
      .and.to.contain('Make the folder');
    const aFolder: unknown = await OpenSqlite.open(folder).catch((error: unknown) => error);
    expect(aFolder).to.have.property('code', 'STORAGE_UNAVAILABLE');
    expect(String(aFolder)).to.contain('SQLITE_CANTOPEN');
  });

  it('tells a full disk, a file that may not be written, and a lock that is held apart', () => {
    const database = openSqlite(file, 50);
    prepareStates(database, file);
    const run = serverOf(STATES_TABLE, new SqliteStateOperations(database, Date.now));
    // As the thread has it: it waits by itself.
    database.exec('PRAGMA busy_timeout = 0');
    const target = { database, file, busyTimeoutMs: 50, run };
    const claim = (actor: string) => ({ name: 'claim', args: [actor] });
    const failureOf = (work: () => unknown): unknown => {
      try {
        return work();
      } catch (error) {
        return error;
      }
    };
    runBatch(target, [claim('a'), claim('b')]);

    database.exec('PRAGMA query_only = 1');
    expect(failureOf(() => runBatch(target, [claim('a')]))).to.include({ code: 'STORAGE_READ_ONLY', executed: 'no' });
    database.exec('PRAGMA query_only = 0');

    const pages = Number(database.prepare('PRAGMA page_count').get()?.['page_count']);
    database.exec(`PRAGMA max_page_count = ${pages}`);
    const large = {
      name: 'commit',
      args: [{ actor: 'a', epoch: 1, version: 0, writeId: 'w', data: Buffer.alloc(100_000) }],
    };
    const outcomes = runBatch(target, [claim('b'), large, claim('b')]);
    expect(outcomes[0]).to.have.nested.property('answer.epoch', 2);
    expect(outcomes[1]).to.have.nested.property('error.code', 'STORAGE_FULL');
    expect(outcomes[2]).to.have.nested.property('answer.epoch', 3);

    const other = openSqlite(file, 50);
    other.exec('BEGIN IMMEDIATE');
    const began = Date.now();
    expect(
      failureOf(() =>
        runBatch(
          target,
          Array.from({ length: 50 }, () => claim('a')),
        ),
      ),
    ).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
    expect(Date.now() - began, 'the lock is waited for once, not for each operation').to.be.below(1_000);
    other.exec('ROLLBACK');
    expect(runBatch(target, [claim('a')])).to.have.nested.property('[0].answer.epoch', 2);
    other.close();
    database.close();
  });

  it('says what SQLite said, by whatever driver', () => {
    const said: readonly (readonly [object, string])[] = [
      [{ errcode: 11 }, 'STORAGE_CORRUPT'],
      [{ rawCode: 26 }, 'STORAGE_CORRUPT'],
      [{ errcode: 522 }, 'STORAGE_UNAVAILABLE'],
      [{ errcode: 1032 }, 'STORAGE_READ_ONLY'],
      [{ rawCode: 13 }, 'STORAGE_FULL'],
      [{ errcode: 3 }, 'STORAGE_READ_ONLY'],
      [{ errcode: 517 }, 'STORAGE_UNAVAILABLE'],
      [{}, 'STORAGE_UNAVAILABLE'],
    ];
    for (const [fields, code] of said)
      expect(sqliteFailure(Object.assign(new Error('words'), fields), 'x.db'), JSON.stringify(fields)).to.have.property(
        'code',
        code,
      );
    expect(String(sqliteFailure(Object.assign(new Error('words'), { errcode: 522 }), 'x.db'))).to.contain(
      'the disk could not read or write it (SQLITE_IOERR',
    );
  });

  for (const which of ['', '-wal', '-cluster', '-cluster-wal']) {
    for (const how of ['deleted', 'replaced by another file'] as const) {
      it(`ends the node, and acknowledges nothing more, when spec.db${which} is ${how} while it runs`, async () => {
        const node = await ActorRuntime.start({
          namespace: 'spec',
          name: 'n',
          actors: [Purse],
          modules: [sqlite({ file }), log],
          lease: { ttlMs: 1_500 },
        });
        await node.actor(Purse, 'a').put(1);
        const path = `${file}${which}`;
        if (how === 'deleted') rmSync(path);
        else {
          copyFileSync(path, `${path}.new`);
          renameSync(`${path}.new`, path);
        }
        // Its own file is looked at with each write, that of the members with each renewal.
        if (!which.startsWith('-cluster')) expect(await codeOf(node.actor(Purse, 'a').put(1))).to.not.equal('none');
        const { reason, description } = await node.terminated;
        expect(reason).to.equal('fenced');
        expect(description).to.contain(`The file ${path} was ${how} while it was in use`);
        expect(
          String(
            await node
              .actor(Purse, 'a')
              .put(1)
              .catch((error: unknown) => error),
          ),
        ).to.contain('Put it back');
      });
    }
  }

  for (const which of ['', '-cluster']) {
    it(`ends the node, and acknowledges nothing more, when spec.db${which} is cut while it runs`, async () => {
      const options = { namespace: 'spec', name: 'n', actors: [Purse], lease: { ttlMs: 1_500 } };
      const first = await ActorRuntime.start({ ...options, modules: [sqlite({ file }), log] });
      await first.actor(Purse, 'a').put(1);
      await first.shutdown();
      const node = await ActorRuntime.start({ ...options, modules: [sqlite({ file }), log] });
      await node.actor(Purse, 'a').put(1);
      await new Promise((resolve) => setTimeout(resolve, 600));
      const path = `${file}${which}`;
      truncateSync(path, which === '' ? 0 : 4_096);
      if (which === '') expect(await codeOf(node.actor(Purse, 'a').put(1))).to.not.equal('none');
      const { reason, description } = await node.terminated;
      expect([reason, description.replace(/\d+/g, '#')]).to.deep.equal([
        'fenced',
        `The node n## stopped serving: The file ${path.replace(/\d+/g, '#')} was cut from # to # bytes while it was in use`,
      ]);
    });
  }

  it('goes on where a file becomes shorter in order', async () => {
    const node = await ActorRuntime.start({
      namespace: 'spec',
      name: 'n',
      actors: [Purse],
      modules: [sqlite({ file }), log],
    });
    await Promise.all(Array.from({ length: 300 }, (_, index) => node.actor(Purse, `p${index}`).put(1)));
    const other = openSqlite(file, 2_000);
    const size = (): number => statSync(file).size;
    other.exec('CREATE TABLE pads (pad BLOB)');
    other.exec('INSERT INTO pads VALUES (zeroblob(400000))');
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(await node.actor(Purse, 'p0').put(1)).to.equal(2);
    const before = size();
    other.exec('DROP TABLE pads');
    other.exec('VACUUM');
    other.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    expect(size()).to.be.below(before);
    expect(await node.actor(Purse, 'p0').put(1)).to.equal(3);
    other.close();
    await node.shutdown();
  });

  it('is one database by whatever path it is opened, and wherever the process works', async () => {
    const options = { namespace: 'spec', actors: [Purse], lease: { ttlMs: 1_500 } };
    const before = process.cwd();
    process.chdir(folder);
    try {
      const one = await ActorRuntime.start({ ...options, name: 'one', modules: [sqlite({ file: 'spec.db' }), log] });
      process.chdir(tmpdir());
      symlinkSync(file, join(folder, 'link.db'));
      const two = await ActorRuntime.start({
        ...options,
        name: 'two',
        modules: [sqlite({ file: join(folder, 'link.db') }), log],
      });
      expect((await one.service(MembershipStore).read()).members).to.have.length(2);
      await one.actor(Purse, 'a').put(1);
      expect(await two.actor(Purse, 'a').put(1)).to.equal(2);
      await new Promise((resolve) => setTimeout(resolve, 1_200));
      expect(await one.actor(Purse, 'b').put(3)).to.equal(3);
      await Promise.all([one.shutdown(), two.shutdown()]);
      expect(readdirSync(folder).filter((name) => name.endsWith('cluster'))).to.deep.equal(['spec.db-cluster']);
    } finally {
      process.chdir(before);
    }
  });

  it('ends a client too, whose cluster is elsewhere then', async () => {
    const options = { namespace: 'spec', actors: [Purse], modules: [sqlite({ file }), log], lease: { ttlMs: 1_500 } };
    const node = await ActorRuntime.start({ ...options, name: 'n' });
    const client = await ActorRuntime.connect({ ...options, modules: [sqlite({ file }), log] });
    rmSync(file);
    expect((await client.terminated).description).to.contain('was deleted while it was in use');
    await node.terminated;
  });
});

/** Overwrites each page of the file that holds rows or keys with the text, as a bad disk would. Returns how many there were. */
function spoilPage(file: string, text: Buffer): number {
  const size = 4_096;
  const descriptor = openSync(file, 'r+');
  let spoiled = 0;
  for (let page = 1; page < statSync(file).size / size; page++) {
    const bytes = Buffer.alloc(size);
    readSync(descriptor, bytes, 0, size, page * size);
    // The leaves of tables and indexes; a page above them leads to half of all.
    const isLeaf = bytes[0] === 0x0d || bytes[0] === 0x0a;
    if (!isLeaf || !bytes.includes(text)) continue;
    writeSync(descriptor, Buffer.alloc(size, 0xa5), 0, size, page * size);
    spoiled++;
  }
  closeSync(descriptor);
  return spoiled;
}
