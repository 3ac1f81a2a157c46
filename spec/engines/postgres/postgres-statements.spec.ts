import { expect } from 'chai';
import { Pool } from 'pg';
import type { PostgresDatabase } from '../../../lib/engines/postgres/postgres-database';
import type { MemberSession } from '../../../lib/cluster/member-session';
import type { NodeId } from '../../../lib/identity/node-id';
import { asAdmin, freshSchema, openDatabase } from './postgres-fixture';
import { PostgresServer } from './postgres-server';

const RECORD = Uint8Array.of(1, 2, 3);
const EVERYTHING = { from: 0, to: 2 ** 32 };
/** What may return columns that nobody has named: those of a list of parameters, which the statement names itself. */
const OF_PARAMETERS = /SELECT \* FROM (?:unnest\(|\(SELECT \(\$)/g;
const ALL_COLUMNS = /(?:\bSELECT|\bDISTINCT|\bRETURNING|,|\.)\s*\*/i;

/** A column of each table whose type may change without anything that reads or writes it, and that is returned. */
const RETYPED = {
  actor_state: 'version',
  actor_event: 'at',
  actor_answer: 'seal',
  delivery: 'slot',
  registration: 'node_incarnation',
  member: 'load',
  membership_view: 'version',
};

describe('The statements of the PostgreSQL engine', function () {
  this.timeout(60_000);
  let server: PostgresServer;
  let schema: string;
  let pool: Pool;
  let database: PostgresDatabase;
  let session: MemberSession;
  let asked: Set<string>;
  before(async () => {
    server = await PostgresServer.create({ fsync: 'off' });
  });
  after(() => server?.remove());
  beforeEach(async () => {
    schema = freshSchema();
    asked = new Set();
    pool = new Pool({ connectionString: server.url(), max: 4 });
    pool.on('connect', (client) => {
      const query = client.query.bind(client) as (query: { readonly text: string }) => Promise<unknown>;
      client.query = ((one: { readonly text: string }) => {
        asked.add(one.text);
        return query(one);
      }) as typeof client.query;
    });
    database = await openDatabase(server, schema, { pool, durability: 'relaxed' });
    session = database.membership.openSession?.({ name: 'watch', incarnation: 99 }) as MemberSession;
    await session.ended([]);
  });
  afterEach(async () => {
    await database.stop();
    await pool.end();
  });

  it('name each column that they return', async () => {
    await everything('1');
    for (const table of Object.keys(RETYPED)) expect([...asked].join('\n')).to.contain(`${schema}".${table}`);
    const naming = [...asked].map((text) => text.replace(OF_PARAMETERS, ''));
    expect(naming.filter((text) => ALL_COLUMNS.test(text))).to.deep.equal([]);
    // The rule sees what it is to see.
    for (const text of [
      'SELECT * FROM a',
      'SELECT v.x, m.* FROM m',
      'UPDATE a SET b = 1 RETURNING *',
      'SELECT a, * FROM b',
    ])
      expect(ALL_COLUMNS.test(text), text).to.equal(true);
    expect(ALL_COLUMNS.test('SELECT count(*), (a) * 7')).to.equal(false);
  });

  it('go on, on the same connections, when a later release has added a column to each table', async () => {
    await everything('1');
    const connections = await connectionsNow();
    await asAdmin(
      server,
      ...Object.keys(RETYPED).map((table) => `ALTER TABLE ${schema}.${table} ADD COLUMN more text`),
    );
    await everything('2');
    expect(await connectionsNow()).to.deep.equal(connections);
  });

  it('are asked on a new connection when the type of a column has changed since they were prepared', async () => {
    await everything('1');
    for (const [table, column] of Object.entries(RETYPED)) {
      await asAdmin(server, `ALTER TABLE ${schema}.${table} ALTER COLUMN ${column} TYPE numeric`);
      await everything(table);
    }
  });

  it('are asked on a new connection when something on the way has let the server forget what was prepared', async () => {
    await everything('1');
    const client = await pool.connect();
    await client.query({ text: 'DEALLOCATE ALL' });
    client.release();
    await everything('2');
  });

  async function connectionsNow(): Promise<readonly unknown[]> {
    const held = `SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() ORDER BY pid`;
    return (await asAdmin(server, held)).map(({ pid }) => pid);
  }

  /** Each operation once or more often, as one after the other. @param round what nobody has used. */
  async function everything(round: string): Promise<void> {
    await everyState(`a/b/${round}`);
    const { directory, membership } = database;
    const registration = {
      actor: `a/b/${round}`,
      activation: 'x',
      node: { name: 'n', incarnation: 3 },
      address: 'a:1',
    };
    expect(await directory.register(registration)).to.deep.equal(registration);
    expect(await directory.register({ ...registration, activation: 'y' })).to.deep.equal(registration);
    expect(await directory.lookup(registration.actor)).to.deep.equal(registration);
    await directory.unregister(registration.actor, 'x');
    const { version } = await membership.read();
    const node = (await membership.join({ name: round, address: `${round}:1`, actorTypes: [] }, version)) as NodeId;
    expect(await membership.renew(node, 7)).to.equal(true);
    expect((await membership.read()).members.find(({ name }) => name === round)).to.include({
      load: 7,
      status: 'active',
    });
    expect(await membership.otherClusters?.()).to.deep.equal([]);
    expect(await session.ended([node])).to.deep.equal([]);
    expect(await membership.changeStatus(node, 'dead', { version: version + 1 })).to.equal(true);
  }

  async function everyState(actor: string): Promise<void> {
    const { storage } = database;
    expect((await storage.claim(actor)).epoch).to.equal(1);
    const delivery = { id: actor, target: actor, slot: 5, due: { at: 5 }, data: RECORD };
    const commit = { actor, epoch: 1, version: 0, writeId: 'w', data: RECORD, events: [RECORD, RECORD] };
    const more = { answers: [{ key: 'k', data: RECORD }], keptAnswers: 3, deliveries: [delivery], cancels: ['none'] };
    const accepted = { kind: 'accepted', version: 1 };
    expect(await storage.commit({ ...commit, ...more, snapshot: { upTo: 1, data: RECORD } })).to.deep.equal(accepted);
    expect(await storage.commit(commit)).to.deep.equal({ kind: 'conflict', version: 1, writeId: 'w' });
    expect(await storage.read(actor)).to.deep.include({ version: 1, data: RECORD });
    expect((await storage.list({ prefix: actor, after: 'a', limit: 9 })).actors).to.deep.equal([{ actor, version: 1 }]);
    expect(await storage.count(actor)).to.equal(1);
    expect(await storage.history(actor, 1, 9)).to.have.length(2);
    expect(await storage.answer(actor, 'k')).to.deep.equal(RECORD);
    await storage.deliver([{ ...delivery, id: `${actor}/2` }]);
    const { deliveries } = await storage.due(EVERYTHING, 9);
    expect(deliveries.map(({ id }) => id)).to.deep.equal([actor, `${actor}/2`]);
    for (const { id, version } of deliveries) {
      const next = id === actor ? ({ due: 'never', data: RECORD } as const) : undefined;
      expect(await storage.settle({ id, version, next })).to.equal(true);
    }
    const [dead] = (await storage.deliveries({ target: actor, onlyDead: true, after: 'a', limit: 9 })).deliveries;
    expect(await storage.settle({ id: actor, version: dead?.version ?? 0 })).to.equal(true);
    expect(await storage.forget({ answersOlderThanMs: 60_000, limit: 9 })).to.equal(0);
    const destroyed = { kind: 'accepted', version: 2 };
    expect(await storage.commit({ ...commit, version: 1, destroys: true })).to.deep.equal(destroyed);
  }
});
