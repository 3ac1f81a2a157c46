import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { SqliteConnection } from '../../../lib/engines/sqlite/sqlite-connection';
import { openSqlite } from '../../../lib/engines/sqlite/sqlite-driver';
import { sqliteStateStorage } from '../../../lib/engines/sqlite/sqlite-stores';

describe('The SQLite engine', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-sqlite-'));
    file = join(folder, 'spec.db');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('syncs every commit to the disk', () => {
    const database = openSqlite(file, 100);
    // 2 is FULL: in WAL mode each commit is synced, not only each checkpoint.
    expect(Object.values(database.prepare('PRAGMA synchronous').get() ?? {})[0]).to.equal(2);
    expect(Object.values(database.prepare('PRAGMA journal_mode').get() ?? {})[0]).to.equal('wal');
    database.close();
  });

  it('lets several processes open a new file at the same moment', async function () {
    this.timeout(30_000);
    const openers = Array.from({ length: 4 }, () => fork(join(__dirname, 'sqlite-opener-process.js')));
    try {
      await Promise.all(openers.map((opener) => once(opener, 'message')));
      for (let round = 0; round < 40; round++) {
        const answers = openers.map(async (opener) => {
          const answer = once(opener, 'message');
          opener.send(join(folder, `fresh-${round}.db`));
          return ((await answer) as [string])[0];
        });
        expect(await Promise.all(answers)).to.deep.equal(Array(4).fill('opened'));
      }
    } finally {
      for (const opener of openers) opener.kill();
    }
  });

  it('keeps every acknowledged write of three processes, one of which is killed', async function () {
    this.timeout(30_000);
    const acknowledged = new Map<string, number>();
    // The one that is killed would never end by itself, however late that is.
    const writers = Object.entries({ a: '1000000', b: '30', c: '30' }).map(([name, writes]) =>
      fork(join(__dirname, 'sqlite-writer-process.js'), [file, name, writes]),
    );
    let messages = 0;
    for (const writer of writers) {
      writer.on('message', ({ actor, version }: { actor: string; version: number }) => {
        acknowledged.set(actor, version);
        if (++messages === 150) writers[0]?.kill('SIGKILL');
      });
    }
    // A process may have ended before the last of its messages are here.
    await Promise.all(writers.flatMap((writer) => [once(writer, 'exit'), once(writer, 'disconnect')]));
    expect(writers[0]?.signalCode).to.equal('SIGKILL');

    const connection = new SqliteConnection({ file, part: 'states', busyTimeoutMs: 5_000 });
    await connection.start();
    const storage = sqliteStateStorage(connection);
    for (const [actor, version] of acknowledged) {
      const stored = await storage.read(actor);
      expect(stored?.version, actor).to.be.at.least(version);
      expect(Buffer.from(stored?.data ?? []).toString(), actor).to.equal(String((stored?.version ?? 0) - 1));
    }
    expect(
      [...acknowledged].filter(([actor]) => !actor.includes('/a-')).every(([, version]) => version === 30),
    ).to.equal(true);
    await connection.stop();
  });

  it('refuses a file that a newer version has written', async () => {
    const database = openSqlite(file, 100);
    database.exec('PRAGMA user_version = 99');
    database.close();
    const error = await new SqliteConnection({ file, part: 'states', busyTimeoutMs: 100 }).start().then(
      () => undefined,
      (failure: unknown) => failure,
    );
    expect(error).to.have.property('code', 'STORAGE_TOO_NEW');
  });

  it('says which file cannot be opened', async () => {
    const error = await new SqliteConnection({
      file: join(folder, 'no', 'such', 'folder', 'x.db'),
      part: 'states',
      busyTimeoutMs: 100,
    })
      .start()
      .then(
        () => undefined,
        (failure: Error) => failure,
      );
    expect(error).to.have.property('code', 'STORAGE_UNAVAILABLE');
    expect(error?.message).to.contain('such');
  });

  it('says of a folder that does not exist that it must be made, and of what is no place for a file what it is', async () => {
    const refused = (path: string) =>
      new SqliteConnection({ file: path, busyTimeoutMs: 100, part: 'states' }).start().then(
        () => 'opened',
        (error: Error) => error.message,
      );
    writeFileSync(join(folder, 'plain'), '');
    expect(await refused(join(folder, 'data', 'x.db'))).to.match(
      /^STORAGE_UNAVAILABLE: .*its folder .*data does not exist.*Make the folder, or correct the path\.$/,
    );
    expect(await refused(join(folder, 'plain', 'x.db'))).to.match(/plain is no folder.*Name a file in a folder/);
    expect(await refused(folder)).to.match(/it is a folder .*Name a file in it/);
  });

  it('finishes what waits before it closes, and refuses what comes later', async () => {
    const connection = new SqliteConnection({ file, part: 'states', busyTimeoutMs: 100 });
    await connection.start();
    const storage = sqliteStateStorage(connection);
    const claims = Array.from({ length: 1_000 }, (_, index) => storage.claim(`a/b/${index}`));
    const stopped = connection.stop();
    const late = storage.claim('a/b/late').then(
      () => undefined,
      (failure: unknown) => failure,
    );
    expect(new Set((await Promise.all(claims)).map(({ epoch }) => epoch))).to.deep.equal(new Set([1]));
    await stopped;
    expect(await late).to.include({ code: 'STORAGE_UNAVAILABLE', executed: 'no' });
  });
});
