import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Member } from '../../../lib/cluster/membership-store';
import { openSqlite, type SqliteDatabase } from '../../../lib/engines/sqlite/sqlite-driver';
import { SqliteLockGuard } from '../../../lib/engines/sqlite/sqlite-lock-guard';
import { prepareStates } from '../../../lib/engines/sqlite/sqlite-schema';
import type { ProcessIdentity } from '../../../lib/providers/host-provider';
import { NodeHostProvider, processStatus } from '../../../lib/providers/node/node-host-provider';

describe('The lock of a SQLite database', function () {
  let folder: string;
  let file: string;
  let database: SqliteDatabase;
  let children: ChildProcess[];
  const warnings: string[] = [];

  before(function () {
    // The kernel tells who holds a lock on Linux alone.
    if (process.platform !== 'linux') this.skip();
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-locks-'));
    file = join(folder, 'spec.db');
    database = openSqlite(file, 50);
    prepareStates(database, file);
    children = [];
    warnings.splice(0);
  });
  afterEach(() => {
    for (const child of children) child.kill('SIGKILL');
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const guard = (of = file) => {
    const logger = {
      info: () => undefined,
      warn: (message: string) => void warnings.push(message),
      error: () => undefined,
    };
    return new SqliteLockGuard({ file: of, own: new NodeHostProvider().identity, logger });
  };
  const dead = (origin: ProcessIdentity | undefined): Member => {
    const member: Member = {
      name: 'n',
      incarnation: 1,
      address: '127.0.0.1:1',
      status: 'dead',
      leaseCounter: 0,
      actorTypes: [],
      load: 0,
    };
    return origin === undefined ? member : { ...member, origin };
  };
  const isHeld = (): boolean => {
    try {
      database.exec('BEGIN IMMEDIATE');
      database.exec('ROLLBACK');
      return false;
    } catch {
      return true;
    }
  };

  async function holder(
    how: 'holds' | 'reads' = 'holds',
  ): Promise<{ readonly child: ChildProcess; readonly origin: ProcessIdentity }> {
    const child = fork(join(__dirname, 'sqlite-holder-process.js'), [file, how]);
    children.push(child);
    const [origin] = (await once(child, 'message')) as [ProcessIdentity];
    return { child, origin };
  }

  async function stop(child: ChildProcess): Promise<void> {
    child.kill('SIGSTOP');
    while (processStatus(child.pid as number)?.state !== 'T') await new Promise((resolve) => setTimeout(resolve, 5));
  }

  it('is taken from a dead node whose process was stopped while it held it', async () => {
    const { child, origin } = await holder();
    await stop(child);
    expect(isHeld()).to.equal(true);
    guard().bury(dead(origin));
    await once(child, 'exit');
    expect(child.signalCode).to.equal('SIGKILL');
    expect(isHeld()).to.equal(false);
    expect(warnings).to.have.length(1);
  });

  it('is taken from nobody who runs, who holds nothing, who is another one, or of whom too little is known', async () => {
    const [running, reading] = [await holder(), await holder('reads')];
    guard().bury(dead(running.origin));
    await stop(reading.child);
    guard().bury(dead(reading.origin));
    await stop(running.child);
    const { origin } = running;
    for (const other of [
      undefined,
      { ...origin, machine: '' },
      { ...origin, machine: 'another boot' },
      { ...origin, startedAt: '1' },
      { ...origin, pid: process.pid },
    ])
      guard().bury(dead(other));
    expect([running.child.signalCode, reading.child.signalCode]).to.deep.equal([null, null]);
    for (const { child } of [running, reading]) expect(processStatus(child.pid as number)?.state).to.equal('T');
    expect(isHeld()).to.equal(true);
    expect(guard().freeMembers()).to.equal(false);
    expect(warnings).to.deep.equal([]);
  });

  it('of the members is taken from whoever stands still with it, and from nobody who runs', async () => {
    // The file of the spec is that of the members of another database.
    const renamed = join(folder, 'other.db');
    for (const suffix of ['', '-shm', '-wal']) symlinkSync(`${file}${suffix}`, `${renamed}-cluster${suffix}`);
    const { child } = await holder();
    const ofMembers = guard(renamed);
    expect(ofMembers.freeMembers()).to.equal(false);
    await stop(child);
    expect(ofMembers.freeMembers()).to.equal(true);
    await once(child, 'exit');
    expect(isHeld()).to.equal(false);
  });
});
