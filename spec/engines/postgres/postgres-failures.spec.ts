import { inspect } from 'node:util';
import { expect } from 'chai';
import { Client } from 'pg';
import { isMoonpoolError } from 'moonpool';
import type { MemberSession } from '../../../lib/cluster/member-session';
import type { PostgresDatabase } from '../../../lib/engines/postgres/postgres-database';
import type { NodeId } from '../../../lib/identity/node-id';
import type { StateCommit } from '../../../lib/storage/state-commit';
import {
  asAdmin,
  databaseOf,
  eventually,
  failureOf,
  germanPool,
  sleep,
  freshSchema,
  openDatabase,
} from './postgres-fixture';
import { questionsOfNodesWith, questionsWith, UNSTORABLE } from '../../storage/unstorable-questions';
import { ADMIN, PASSWORD, PostgresServer } from './postgres-server';
import { StallingProxy } from './stalling-proxy';

const ACTOR = 'shop/Cart/one';
const RECORD = Uint8Array.of(1, 2, 3);

const commitOf = (actor: string, version = 0, data = RECORD): StateCommit => ({
  actor,
  epoch: 1,
  version,
  writeId: `w${version}`,
  data,
});

describe('The PostgreSQL engine, when something is wrong,', function () {
  this.timeout(60_000);
  let server: PostgresServer;
  let schema: string;
  before(async () => {
    server = await PostgresServer.create();
  });
  after(() => server?.remove());
  beforeEach(async () => {
    schema = freshSchema();
    // What a spec that failed has left behind is no trouble of the next one.
    if (!server.isUp) await server.start();
  });

  it('keeps every acknowledged commit when the server is killed, says of the others what is known, and goes on when it is back', async () => {
    const database = await openDatabase(server, schema, { connectTimeoutMs: 1_000 });
    const { storage } = database;
    const acknowledged = new Map<string, number>();
    const fates = new Map<string, number>();
    const over = new AbortController();
    const write = async (actor: string): Promise<void> => {
      await storage.claim(actor);
      while (!over.signal.aborted) {
        const version = acknowledged.get(actor) ?? 0;
        try {
          const outcome = await storage.commit(commitOf(actor, version));
          // Of one whose fate was unknown, the store has kept what it was.
          if (outcome.kind === 'accepted' || outcome.kind === 'conflict') acknowledged.set(actor, outcome.version);
        } catch (error) {
          expect(error).to.include({ code: 'STORAGE_UNAVAILABLE' });
          const fate = isMoonpoolError(error) ? error.executed : 'none';
          fates.set(fate, (fates.get(fate) ?? 0) + 1);
        }
      }
    };
    const writers = Array.from({ length: 40 }, (_, index) => write(`shop/Cart/${index}`));
    await sleep(300);
    await storage.claim(ACTOR);
    // Something is surely under way when the server is killed.
    await holding(`SELECT * FROM ${schema}.actor_state WHERE actor = '${ACTOR}' FOR UPDATE`, async () => {
      const claim = failureOf(storage.claim(ACTOR));
      await sleep(100);
      await server.killAll();
      expect(await claim).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'maybe' });
    });
    // Answers that the server had sent before it died may still be read after the connection of the claim was lost.
    await sleep(300);
    const before = new Map(acknowledged);
    await sleep(300);
    expect(acknowledged).to.deep.equal(before);
    await server.start();
    const hasGoneOn = ([actor, version]: [string, number]) => version > (before.get(actor) ?? 0);
    await eventually(async () => expect([...acknowledged].filter(hasGoneOn)).to.have.length(acknowledged.size));
    over.abort();
    await Promise.all(writers);
    expect([...fates.keys()])
      .to.include('no')
      .and.not.to.include('yes');
    for (const [actor, version] of acknowledged) {
      expect((await storage.read(actor))?.version, actor).to.equal(version);
    }
    await database.stop();
  });

  it('tells of a session that has ended, whoever ended it, and of none when the server was started again, which ends those of all', async () => {
    const [watching, watched] = [await openDatabase(server, schema), await openDatabase(server, schema)];
    const join = async ({ membership }: PostgresDatabase, name: string): Promise<NodeId> => {
      const { version } = await membership.read();
      return (await membership.join({ name, address: `${name}:1`, actorTypes: [] }, version)) as NodeId;
    };
    const [a, b] = [await join(watching, 'a'), await join(watched, 'b')];
    const [eyes, heart] = [watching.membership.openSession?.(a), watched.membership.openSession?.(b)] as [
      MemberSession,
      MemberSession,
    ];
    await heart.ended([]);
    expect(await eyes.ended([b])).to.deep.equal([]);
    const ending = asAdmin(
      server,
      `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND objid = ${b.incarnation}`,
    );
    await ending;
    // The one whose session was ended opens another one by itself.
    await eventually(async () => expect(await heart.ended([])).to.deep.equal([]));
    await eventually(async () => expect(await eyes.ended([b])).to.deep.equal([]));
    await server.killAll();
    await watched.stop();
    await server.start();
    for (let looks = 0; looks < 5; looks++) {
      await eventually(async () => expect(await eyes.ended([b])).to.deep.equal([]));
      await sleep(50);
    }
    const another = await openDatabase(server, schema);
    const beating = another.membership.openSession?.(b) as MemberSession;
    await beating.ended([]);
    expect(await eyes.ended([b])).to.deep.equal([]);
    // As when its process is killed.
    await asAdmin(
      server,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${b.incarnation})`,
    );
    await another.stop();
    await eventually(async () => expect(await eyes.ended([b])).to.deep.equal([b]));
    await watching.stop();
  });

  it('does not start at a server that acknowledges before it has written, unless that was agreed to', async () => {
    for (const [setting, before] of [
      ['fsync', 'fsync'],
      ['synchronous_commit', 'synchronous_commit'],
    ] as const) {
      await setOnServer(`ALTER SYSTEM SET ${before} = off`);
      const error = await failureOf(databaseOf(server, schema).start());
      expect(error).to.include({ code: 'STORAGE_NOT_DURABLE' });
      expect(error.message).to.contain(
        `${setting} of the PostgreSQL database 127.0.0.1:${server.port}/postgres is off`,
      );
      expect(error.message).to.contain(`Set ${setting}`).and.contain("durability: 'relaxed'");
      const relaxed = await openDatabase(server, schema, { durability: 'relaxed' });
      await relaxed.stop();
      await setOnServer(`ALTER SYSTEM RESET ${before}`);
    }
    const strict = await openDatabase(server, schema);
    await strict.stop();
  });

  it('refuses tables that a newer version has made', async () => {
    await (await openDatabase(server, schema)).stop();
    await asAdmin(server, `UPDATE ${schema}.moonpool SET version = 99`);
    const error = await failureOf(databaseOf(server, schema).start());
    expect(error).to.include({ code: 'STORAGE_TOO_NEW' });
    expect(error.message).to.contain(`The schema ${schema} has tables of version 99`);
  });

  it('has its tables made once when several open a new schema at the same moment', async () => {
    const databases = Array.from({ length: 6 }, () => databaseOf(server, schema));
    await Promise.all(databases.map((database) => database.start()));
    expect(await asAdmin(server, `SELECT version FROM ${schema}.moonpool`)).to.have.length(1);
    await Promise.all(databases.map((database) => database.stop()));
  });

  it('refuses a row of a state that something else has changed, leaves it as it is, and concerns nobody else', async () => {
    const database = await openDatabase(server, schema);
    const { storage } = database;
    const others = ['shop/Cart/2', 'shop/Cart/3'];
    await Promise.all([ACTOR, ...others].map((actor) => storage.claim(actor)));
    for (const change of [
      'version = 7',
      'epoch = 7',
      "write_id = 'x'",
      'last_event = 7',
      'answers = 7',
      'snapshot_up_to = 7',
    ]) {
      await asAdmin(server, `UPDATE ${schema}.actor_state SET ${change} WHERE actor = '${ACTOR}'`);
      const held = `SELECT * FROM ${schema}.actor_state WHERE actor = '${ACTOR}'`;
      const before = await asAdmin(server, held);
      const attempts = [
        () => storage.read(ACTOR),
        () => storage.claim(ACTOR),
        () => storage.commit(commitOf(ACTOR)),
        () => storage.commit({ ...commitOf(ACTOR), destroys: true }),
      ];
      for (const attempt of attempts) {
        const [failure, ...fine] = await Promise.all([
          failureOf(attempt()),
          ...others.map((actor) => storage.read(actor)),
        ]);
        expect(failure, change).to.include({ code: 'STORAGE_CORRUPT' });
        expect(failure?.message).to.contain(`state of ${ACTOR}`);
        expect(fine.every((state) => state?.epoch === 1)).to.equal(true);
      }
      expect(await asAdmin(server, held)).to.deep.equal(before);
      await asAdmin(server, `DELETE FROM ${schema}.actor_state WHERE actor = '${ACTOR}'`);
      await storage.claim(ACTOR);
    }
    await database.stop();
  });

  it('refuses events, answers, deliveries and registrations that something else has changed', async () => {
    const database = await openDatabase(server, schema);
    const { storage, directory } = database;
    await storage.claim(ACTOR);
    const delivery = { id: 'd', target: ACTOR, slot: 5, due: { at: 5 }, data: RECORD };
    await storage.commit({
      ...commitOf(ACTOR),
      events: [RECORD, RECORD, RECORD],
      answers: [{ key: 'k', data: RECORD }],
      deliveries: [delivery, { ...delivery, id: 'e' }],
    });
    await directory.register({ actor: ACTOR, activation: 'x', node: { name: 'n', incarnation: 3 }, address: 'a:1' });
    const refusals: [change: string, attempt: () => Promise<unknown>, named: string][] = [
      [`actor_event SET data = 'x' WHERE number = 2`, () => storage.history(ACTOR, 1, 9), `event 2 of ${ACTOR}`],
      [`actor_answer SET data = 'x'`, () => storage.answer(ACTOR, 'k'), `answer k of ${ACTOR}`],
      [`delivery SET target = 'shop/Cart/2' WHERE id = 'd'`, () => storage.deliveries({ limit: 9 }), 'delivery d'],
      [`registration SET node_incarnation = 4`, () => directory.lookup(ACTOR), `registration of ${ACTOR}`],
    ];
    for (const [change, attempt, named] of refusals) {
      await asAdmin(server, `UPDATE ${schema}.${change}`);
      const failure = await failureOf(attempt());
      expect(failure).to.include({ code: 'STORAGE_CORRUPT' });
      expect(failure.message).to.contain(named);
    }
    const due = await storage.due({ from: 0, to: 9 }, 9);
    expect(
      due.deliveries.map(({ id }) => id),
      'a spoiled delivery holds up no other',
    ).to.deep.equal(['e']);
    await asAdmin(server, `DELETE FROM ${schema}.delivery WHERE id = 'e'`);
    expect(await failureOf(storage.due({ from: 0, to: 9 }, 9))).to.include({ code: 'STORAGE_CORRUPT' });
    await asAdmin(server, `DELETE FROM ${schema}.actor_event WHERE number = 2`);
    const gap = await failureOf(storage.history(ACTOR, 1, 9));
    expect(gap.message).to.contain(`The event 2 of ${ACTOR} is missing`);
    await database.stop();
  });

  it('refuses numbers that JavaScript cannot say', async () => {
    const database = await openDatabase(server, schema);
    await asAdmin(
      server,
      `INSERT INTO ${schema}.delivery VALUES ('spec', 'd', 'a/b/c', 1, 9007199254740993, 1, 1, 'x', 1)`,
    );
    const failure = await failureOf(database.storage.deliveries({ limit: 1 }));
    expect(failure).to.include({ code: 'STORAGE_CORRUPT' });
    await database.stop();
  });

  for (const [language, setting] of [
    ['English', () => ({ lockTimeoutMs: 200 })],
    ['German', () => ({ pool: germanPool(server, 200) })],
  ] as const) {
    it(`lets a row that a stranger has locked fail alone, by a server that speaks ${language}, and keeps its connections`, async () => {
      const { pool, ...others } = { pool: undefined, ...setting() };
      const database = await openDatabase(server, schema, { ...others, ...(pool === undefined ? {} : { pool }) });
      const { storage, membership } = database;
      const session = membership.openSession?.({ name: 'a', incarnation: 1 }) as MemberSession;
      await session.ended([]);
      const actors = Array.from({ length: 20 }, (_, index) => `shop/Cart/${index}`);
      await Promise.all(actors.map((actor) => storage.claim(actor)));
      const connections = await connectionsOf(schema);
      await holding(`SELECT * FROM ${schema}.actor_state WHERE actor = 'shop/Cart/7' FOR UPDATE`, async () => {
        const outcomes = await Promise.allSettled(actors.map((actor) => storage.commit(commitOf(actor))));
        const failed = outcomes.flatMap((outcome, index) =>
          outcome.status === 'rejected' ? [[index, outcome.reason] as const] : [],
        );
        expect(failed.map(([index]) => index)).to.deep.equal([7]);
        expect(failed[0]?.[1]).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
      });
      expect(await storage.commit(commitOf('shop/Cart/7'))).to.deep.equal({ kind: 'accepted', version: 1 });
      expect(await connectionsOf(schema)).to.deep.equal(connections);
      await database.stop();
      await pool?.end();
    });
  }

  it('waits no longer than it may for a server that says nothing, and for one whose statement takes too long', async () => {
    const proxy = await StallingProxy.open(server.port);
    const connection = server.url().replace(`:${server.port}/`, `:${proxy.port}/`);
    const database = await openDatabase(server, schema, { connection, statementTimeoutMs: 300, connectTimeoutMs: 500 });
    const { storage, membership } = database;
    await Promise.all([storage.claim(ACTOR), storage.count(''), storage.list({ prefix: '', limit: 1 })]);
    await holding(`SELECT * FROM ${schema}.actor_state FOR UPDATE`, async () => {
      const late = await failureOf(storage.commit(commitOf(ACTOR)));
      expect(late).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
      expect(late.message).to.contain('statement timeout');
    });
    proxy.stall();
    const [unanswered, ofMembers] = await Promise.all([
      failureOf(storage.commit(commitOf(ACTOR))),
      failureOf(membership.read()),
    ]);
    expect(unanswered).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'maybe' });
    expect(ofMembers).to.include({ code: 'STORAGE_UNAVAILABLE' });
    // Whatever the others of its connections are, they are not waited for as long.
    for (let attempt = 0; attempt < 3; attempt++)
      expect(await failureOf(storage.claim(ACTOR))).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
    proxy.resume();
    await eventually(async () => expect((await storage.claim(ACTOR)).epoch).to.be.greaterThan(1));
    await database.stop();
    await proxy.close();
  });

  it('says where it cannot connect and why, and never by which password', async () => {
    const secret = 'hidden-in-no-message';
    const wrong: [Partial<Parameters<typeof databaseOf>[2]> & object, RegExp][] = [
      [
        { connection: `postgres://${ADMIN}:${secret}@127.0.0.1:1/postgres` },
        /127\.0\.0\.1:1\/postgres could not .*ECONNREFUSED/,
      ],
      [{ connection: server.url(ADMIN, secret) }, /does not let this user in/],
      [
        { connection: { host: '127.0.0.1', port: server.port, user: ADMIN, password: secret, database: 'none' } },
        /does not let this user in/,
      ],
      [
        { connection: { host: '127.0.0.1', port: server.port, user: ADMIN, password: PASSWORD, database: 'none' } },
        /there is no such database/,
      ],
      [{ connection: { host: '127.0.0.1', port: server.port, user: ADMIN, password: PASSWORD, ssl: true } }, /SSL/],
    ];
    for (const [setting, expected] of wrong) {
      const error = await failureOf(databaseOf(server, schema, setting).start());
      expect(error).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
      expect(error.message).to.match(expected);
      expect(inspect(error, { depth: 9 }))
        .not.to.contain(secret)
        .and.not.to.contain(PASSWORD);
    }
  });

  it('finishes what waits before it closes, and refuses what comes later', async () => {
    const database = await openDatabase(server, schema);
    const claims = Array.from({ length: 2_000 }, (_, index) => database.storage.claim(`a/b/${index}`));
    const stopped = database.stop();
    const late = await failureOf(database.storage.claim('a/b/late'));
    expect(late).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
    expect(new Set((await Promise.all(claims)).map(({ epoch }) => epoch))).to.deep.equal(new Set([1]));
    await stopped;
  });

  it('refuses texts that the database could not give back as they are, whatever is asked with them', async () => {
    const database = await openDatabase(server, schema);
    const { storage, directory, membership } = database;
    for (const text of UNSTORABLE)
      for (const ask of [...questionsWith(text, storage), ...questionsOfNodesWith(text, directory, membership)])
        expect(await failureOf(ask()), `${String(ask)} ${text}`).to.include({ code: 'INVALID_OPTION', executed: 'no' });
    await storage.claim('a/b/\u{1f600}');
    await database.stop();
  });

  /** The processes of the server that serve the nodes; its administrators come and go. */
  async function connectionsOf(name: string): Promise<readonly unknown[]> {
    const rows = await asAdmin(
      server,
      `SELECT pid FROM pg_stat_activity WHERE query LIKE '%${name}.%' AND pid <> pg_backend_pid() ORDER BY pid`,
    );
    return rows.map(({ pid }) => pid);
  }

  /** While the work goes on, an administrator holds what the statement locks. */
  async function holding(text: string, work: () => Promise<void>): Promise<void> {
    const client = new Client({ connectionString: server.url() });
    client.on('error', () => undefined);
    await client.connect();
    try {
      await client.query('BEGIN');
      await client.query(text);
      await work();
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** Settings reach connections that are made afterwards when the server has read them. */
  async function setOnServer(text: string): Promise<void> {
    const setting = text.split(' ')[3] as string;
    await asAdmin(server, text, 'SELECT pg_reload_conf()');
    const wanted = text.includes('= off') ? 'off' : 'on';
    await eventually(async () => {
      const [row] = await asAdmin(server, `SELECT current_setting('${setting}') AS now`);
      expect(row?.['now']).to.equal(wanted);
    });
  }
});
