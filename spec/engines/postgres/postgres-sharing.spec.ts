import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import fc from 'fast-check';
import { Client, Pool, types } from 'pg';
import { ActorRuntime, Logger } from 'moonpool';
import { postgres, preparePostgres } from 'moonpool/postgres';
import type { MembershipStore, StateStorage } from 'moonpool/modules';
import { compileExamples, examplesOf } from '../../house/documentation-examples';
import { Authority } from '../../providers/node/certificates';
import { asAdmin, databaseOf, eventually, failureOf, freshSchema, openDatabase, sleep } from './postgres-fixture';
import { compareWithModel, histories } from './postgres-model';
import { ADMIN, PASSWORD, PostgresServer } from './postgres-server';

const ROOT = join(__dirname, '..', '..', '..', '..');
const PAGE = readFileSync(join(ROOT, 'docs', 'postgres.md'), 'utf8');
const RECORD = Uint8Array.of(1, 2, 3);
const CONNECTIONS = "SELECT pid FROM pg_stat_activity WHERE datname = 'impatient' ORDER BY pid";
/** The number of the type `bigint`. */
const BIGINT = 20;

const quiet = {
  name: 'quiet',
  load: (bind: Parameters<ReturnType<typeof postgres>['load']>[0]) =>
    bind(Logger).toValue({ info() {}, warn() {}, error() {} }),
};

describe('A PostgreSQL database', function () {
  this.timeout(60_000);
  let server: PostgresServer;
  let schema: string;
  before(async () => {
    server = await PostgresServer.create();
  });
  after(() => server?.remove());
  beforeEach(() => {
    schema = freshSchema();
  });

  it('holds applications that do not see each other: those of two schemas, and those of two namespaces in one', async () => {
    const elsewhere = freshSchema();
    const here = await openDatabase(server, schema);
    await here.storage.claim('shop/Cart/1');
    await here.storage.deliver([{ id: 'd', target: 'shop/Cart/1', slot: 5, due: { at: 5 }, data: RECORD }]);
    await joined(here.membership, 'a');
    for (const other of [await openDatabase(server, elsewhere), await openDatabase(server, schema, {}, 'other')]) {
      expect(await dueIn(other.storage)).to.deep.equal([]);
      expect((await other.storage.deliveries({ limit: 9 })).deliveries).to.deep.equal([]);
      expect(await other.membership.read()).to.deep.equal({ version: 0, members: [] });
      await other.storage.deliver([{ id: 'd', target: 'other/Cart/1', slot: 5, due: { at: 5 }, data: RECORD }]);
      await other.stop();
    }
    const inOtherSchema = await openDatabase(server, elsewhere);
    expect(await inOtherSchema.storage.read('shop/Cart/1')).to.equal(undefined);
    expect(await dueIn(here.storage)).to.deep.equal(['shop/Cart/1']);
    expect(await here.membership.otherClusters?.()).to.deep.equal([]);
    await inOtherSchema.stop();
    await here.stop();
  });

  it('forgets the answers of one namespace alone', async () => {
    const [here, other] = [await openDatabase(server, schema), await openDatabase(server, schema, {}, 'other')];
    for (const [{ storage }, actor] of [
      [here, 'spec/A/1'],
      [other, 'other/A/1'],
    ] as const) {
      await storage.claim(actor);
      await storage.commit({ actor, epoch: 1, version: 0, writeId: 'w', answers: [{ key: 'k', data: RECORD }] });
    }
    expect(await here.storage.forget({ answersOlderThanMs: -1_000, limit: 9 })).to.equal(1);
    expect(await here.storage.answer('spec/A/1', 'k')).to.equal(undefined);
    expect(await other.storage.answer('other/A/1', 'k')).to.deep.equal(RECORD);
    await Promise.all([here.stop(), other.stop()]);
  });

  it('needs of the user of a node no more rights than the page lists', async () => {
    const grants = /```sql\n([\s\S]*?)```/
      .exec(PAGE)?.[1]
      ?.replace(/\bbank\b/g, schema)
      .replaceAll('bank_node', `${schema}_node`);
    await asAdmin(server, `CREATE ROLE ${schema}_node LOGIN PASSWORD '${PASSWORD}'`);
    const connection = server.url(`${schema}_node`);
    const early = await failureOf(databaseOf(server, schema, { connection }).start());
    expect(early, 'tables that it may not make').to.include({ code: 'STORAGE_READ_ONLY' });
    expect(early.message).to.contain('docs/postgres.md');
    await preparePostgres({ connection: server.url(), schema });
    const without = await failureOf(databaseOf(server, schema, { connection }).start());
    expect(without, 'tables that it may not use').to.include({ code: 'STORAGE_READ_ONLY' });
    await asAdmin(server, grants ?? 'the page lists none');

    const database = await openDatabase(server, schema, { connection });
    await useAll(database);
    await database.stop();
  });

  it('can be used by a role that owns an empty schema and may make no other', async () => {
    await asAdmin(
      server,
      `CREATE ROLE ${schema} LOGIN PASSWORD '${PASSWORD}'`,
      `CREATE SCHEMA AUTHORIZATION ${schema}`,
    );
    const database = await openDatabase(server, schema, { connection: server.url(schema) });
    await useAll(database);
    await database.stop();
  });

  it('can be reached through a pool of the application, which stays open, and whatever that makes of numbers', async () => {
    const given = types.getTypeParser(BIGINT);
    types.setTypeParser(BIGINT, () => 'a number of its own');
    const pool = new Pool({ connectionString: server.url(), max: 4 });
    try {
      const database = await openDatabase(server, schema, { connection: undefined, pool });
      const other = await openDatabase(server, schema);
      let told = 0;
      const end = database.membership.onChange?.(() => told++);
      await useAll(database);
      await eventually(async () => expect(told).to.be.greaterThan(1));
      end?.();
      await Promise.all([database.stop(), other.stop()]);
      expect((await pool.query<{ one: string }>("SELECT 'fine' AS one")).rows[0]?.one).to.equal('fine');
      expect([pool.totalCount - pool.idleCount, pool.listenerCount('error')]).to.deep.equal([0, 0]);
    } finally {
      types.setTypeParser(BIGINT, given);
      await pool.end();
    }
  });

  it('has the encoding UTF8, for in another one not every text can be kept', async () => {
    for (const encoding of ['LATIN1', 'SQL_ASCII']) {
      const name = `in_${encoding.toLowerCase()}`;
      const locale = "LC_COLLATE 'C' LC_CTYPE 'C'";
      await asAdmin(server, `CREATE DATABASE ${name} ENCODING '${encoding}' ${locale} TEMPLATE template0`);
      const connection = server.url().replace(/postgres$/, name);
      const error = await failureOf(databaseOf(server, schema, { connection }).start());
      expect(error).to.include({ code: 'STORAGE_UNSUITABLE', executed: 'no', isTransient: false });
      expect(error.message).to.contain(
        `The encoding of the PostgreSQL database 127.0.0.1:${server.port}/${name} is ${encoding}`,
      );
      expect(error.message).to.contain("ENCODING 'UTF8'");
    }
  });

  it('may have another isolation level than the statements need, unless that is the one of a pool of the application', async () => {
    for (const level of ['repeatable read', 'serializable']) {
      await asAdmin(
        server,
        'DROP DATABASE IF EXISTS isolated',
        'CREATE DATABASE isolated',
        `ALTER DATABASE isolated SET default_transaction_isolation = '${level}'`,
      );
      const connection = server.url().replace(/postgres$/, 'isolated');
      const databases = Array.from({ length: 4 }, () => databaseOf(server, schema, { connection }));
      await Promise.all(databases.map((database) => database.start()));
      const nodes: Awaited<ReturnType<typeof joined>>[] = [];
      for (const [index, { membership }] of databases.entries()) nodes.push(await joined(membership, `n${index}`));
      for (let round = 0; round < 10; round++) {
        const renewals = nodes.map((node, index) => databases[index]?.membership.renew(node, round));
        expect(new Set(await Promise.all(renewals))).to.deep.equal(new Set([true]));
      }
      await Promise.all(databases.map((database) => database.stop()));
      const pool = new Pool({ connectionString: connection });
      const error = await failureOf(databaseOf(server, schema, { connection: undefined, pool }).start());
      expect(error).to.include({ code: 'STORAGE_UNSUITABLE', executed: 'no' });
      expect(error.message).to.contain(`isolation level ${level}`);
      await pool.end();
      const options = '-c default_transaction_isolation=read\\ committed';
      const suited = new Pool({ connectionString: connection, options });
      await (await openDatabase(server, schema, { connection: undefined, pool: suited })).stop();
      await suited.end();
    }
  });

  it('may end connections that are silent for a while, and transactions that take long: those of the engine have limits of their own', async () => {
    const limits = ['idle_session_timeout', 'transaction_timeout'];
    const alter = limits.map((name) => `ALTER DATABASE impatient SET ${name} = 300`);
    await asAdmin(server, 'CREATE DATABASE impatient', ...alter);
    const connection = server.url().replace(/postgres$/, 'impatient');
    const database = await openDatabase(server, schema, { connection });
    await Promise.all([joined(database.membership, 'a'), database.storage.claim('shop/Cart/1')]);
    const connections = await asAdmin(server, CONNECTIONS);
    await sleep(500);
    expect(await asAdmin(server, CONNECTIONS)).to.deep.equal(connections);
    const stranger = new Client({ connectionString: connection, options: '-c transaction_timeout=0' });
    await stranger.connect();
    await stranger.query(`BEGIN; SELECT * FROM ${schema}.actor_state FOR UPDATE`);
    const claim = database.storage.claim('shop/Cart/1');
    await sleep(500);
    await stranger.end();
    expect(await claim).to.include({ epoch: 2 });
    await database.stop();
  });

  it('is reached by TLS, and not when its certificate is of an authority that is not trusted', async () => {
    const [authority, stranger] = [await Authority.found('an authority'), await Authority.found('a stranger')];
    const { key, cert } = await authority.issue();
    const files = [server.addFile('server.key', key), server.addFile('server.crt', cert)];
    await asAdmin(
      server,
      ...[`ALTER SYSTEM SET ssl_key_file = '${files[0]}'`, `ALTER SYSTEM SET ssl_cert_file = '${files[1]}'`],
      ...['ALTER SYSTEM SET ssl = on', 'SELECT pg_reload_conf()'],
    );
    const addressOf = (ca: string) => ({
      ...{ host: '127.0.0.1', port: server.port, database: 'postgres', user: ADMIN, password: PASSWORD },
      ssl: { ca },
    });
    await eventually(async () => {
      const database = await openDatabase(server, schema, { connection: addressOf(authority.pem) });
      await useAll(database);
      const [row] = await asAdmin(server, 'SELECT count(*) AS encrypted FROM pg_stat_ssl WHERE ssl');
      await database.stop();
      expect(Number(row?.['encrypted'])).to.be.greaterThan(0);
    });
    const refused = await failureOf(databaseOf(server, schema, { connection: addressOf(stranger.pem) }).start());
    expect(refused).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
    expect(refused.message).to.contain('certificate');
  });

  it('tells at once of changes of the members, also after its server was killed', async () => {
    const [one, two] = [await openDatabase(server, schema), await openDatabase(server, schema)];
    const other = await openDatabase(server, schema, {}, 'other');
    let [told, toldOther] = [0, 0];
    const end = one.membership.onChange?.(() => told++);
    other.membership.onChange?.(() => toldOther++);
    // Each is told once when it hears.
    await eventually(async () => expect([told, toldOther]).to.deep.equal([1, 1]));
    await joined(two.membership, 'a');
    await eventually(async () => expect(told).to.equal(2));
    await server.kill();
    await server.start();
    // Those of another namespace were told of nothing meanwhile.
    await eventually(async () => expect([told, toldOther]).to.deep.equal([3, 2]));
    await eventually(() => joined(two.membership, 'b'));
    await eventually(async () => expect(told).to.equal(4));
    end?.();
    await joined(two.membership, 'c');
    await other.stop();
    expect([told, toldOther]).to.deep.equal([4, 2]);
    await Promise.all([one.stop(), two.stop()]);
  });

  it('makes one cluster of the nodes that are given it', async () => {
    const start = (name: string) =>
      ActorRuntime.start({
        ...{ namespace: 'spec', name, actors: [] },
        modules: [quiet, postgres({ connection: server.url(), schema })],
      });
    const one = await start('one');
    const two = await start('two');
    const seen = await openDatabase(server, schema);
    const statuses = async () => (await seen.membership.read()).members.map(({ name, status }) => `${name} ${status}`);
    expect(await statuses()).to.deep.equal(['one active', 'two active']);
    await two.shutdown();
    expect(await statuses()).to.deep.equal(['one active', 'two dead']);
    await one.shutdown();
    await seen.stop();
  });

  it('is used as the page shows', async () => {
    process.env['DATABASE_URL'] = server.url();
    try {
      const files = await compileExamples(ROOT, examplesOf('docs/postgres.md', PAGE), 'documentation-of-postgres');
      expect(files).to.have.length(3);
      for (const file of files) {
        // oxlint-disable-next-line typescript/no-require-imports -- the file does not exist before the spec has compiled it
        await (require(file) as { run(): Promise<void> }).run();
      }
    } finally {
      delete process.env['DATABASE_URL'];
    }
  });
});

/** Every operation once, or oftener. */
async function useAll({ storage, directory, membership }: ReturnType<typeof databaseOf>): Promise<void> {
  for (const steps of fc.sample(histories, { seed: 5, numRuns: 2 })) await compareWithModel(storage, steps);
  await storage.forget({ answersOlderThanMs: 0, limit: 9 });
  const registration = { actor: 'n/A/1', activation: 'x', node: { name: 'n', incarnation: 3 }, address: 'a:1' };
  await directory.register(registration);
  await directory.register({ ...registration, activation: 'y' }, 'x');
  expect(await directory.lookup('n/A/1')).to.include({ activation: 'y' });
  await directory.unregister('n/A/1', 'y');
  const node = await joined(membership, 'a');
  await joined(membership, 'a');
  expect(await membership.renew(node, 1)).to.equal(false);
  const { version, members } = await membership.read();
  expect(await membership.changeStatus(members[1] ?? node, 'leaving', { version })).to.equal(true);
  expect(await membership.otherClusters?.()).to.deep.equal([]);
}

async function joined(membership: MembershipStore, name: string): Promise<{ name: string; incarnation: number }> {
  const { version } = await membership.read();
  const node = await membership.join({ name, address: `${name}:1`, actorTypes: [] }, version);
  if (node === undefined) throw new Error('another one joined');
  return node;
}

async function dueIn(storage: StateStorage): Promise<readonly string[]> {
  return (await storage.due({ from: 0, to: 9 }, 9)).deliveries.map(({ target }) => target);
}
