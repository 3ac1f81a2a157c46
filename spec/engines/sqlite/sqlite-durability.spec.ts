import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import type { StateStorage } from 'moonpool/modules';
import { SqliteDurability } from '../../../lib/engines/sqlite/sqlite-durability';
import { STATES_TABLE } from '../../../lib/engines/sqlite/sqlite-operations';
import { openSqlite } from '../../../lib/engines/sqlite/sqlite-driver';
import { OpenSqlite } from './sqlite-fixture';

const text = (value: string): Buffer => Buffer.from(value);
const registration = (actor: string) => ({
  actor,
  activation: `n#1/${actor}`,
  node: { name: 'n', incarnation: 1 },
  address: '127.0.0.1:4000',
});

/** Commits once more, and returns the version that was acknowledged. */
async function commitOnce(storage: StateStorage, actor: string): Promise<number> {
  const { epoch, version } = await storage.claim(actor);
  const outcome = await storage.commit({ actor, epoch, version, writeId: `${actor}:${epoch}`, data: text(actor) });
  expect(outcome).to.deep.equal({ kind: 'accepted', version: version + 1 });
  return version + 1;
}

/** A disk whose syncs end when the spec says so. */
class HeldDisk {
  syncs = 0;
  private done: ((error: Error | null) => void) | undefined;

  sync(done: (error: Error | null) => void): void {
    this.syncs++;
    this.done = done;
  }

  end(error: Error | null): void {
    const { done } = this;
    this.done = undefined;
    done?.(error);
  }
}

describe('What the SQLite engine syncs', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'moonpool-durability-'));
    file = join(folder, 'spec.db');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is each batch with a commit, a delivery or a settlement, and none of claims, registrations and what is forgotten alone', () => {
    const database = openSqlite(file, 1_000);
    const disk = new HeldDisk();
    const durability = new SqliteDurability(database, disk as never);
    /** Whether it is told after a sync, and not before. */
    const synced = (...names: readonly string[]): boolean => {
      let told = false;
      const batch = names.map((name) => ({ name, args: [] }));
      durability.after(
        batch,
        batch.map(() => ({ answer: 'something' })),
        () => (told = true),
      );
      durability.tellNext();
      const waits = !told;
      disk.end(null);
      expect(told).to.equal(true);
      return waits;
    };
    const must = ['commit', 'deliver', 'settle'];
    const reads = Object.values(STATES_TABLE).filter((operation) => 'reads' in operation);
    const others = ['claim', 'register', 'unregister', 'forget'];
    expect([...must, ...others, ...reads.map(({ name }) => name)].sort()).to.deep.equal(
      Object.values(STATES_TABLE)
        .map(({ name }) => name)
        .sort(),
    );
    for (const name of must) {
      expect(synced('claim', name, 'register'), name).to.equal(true);
      for (const other of others) expect(synced(other, 'read'), other).to.equal(false);
    }
    database.close();
  });

  it('is also what others have committed, before that is shown to anybody', () => {
    const [database, other] = [openSqlite(file, 1_000), openSqlite(file, 1_000)];
    database.exec('CREATE TABLE t (a)');
    const disk = new HeldDisk();
    const durability = new SqliteDurability(database, disk as never);
    const told: string[] = [];
    const ask = (name: string, answer: unknown): void => {
      durability.after([{ name, args: [] }], [{ answer }], () => told.push(name));
      durability.tellNext();
    };
    ask('deliver', undefined);
    disk.end(null);
    other.exec('INSERT INTO t VALUES (1)');
    ask('lookup', 'a registration shows nothing of a commit');
    ask('claim', { version: 0 });
    expect(told).to.deep.equal(['deliver', 'lookup', 'claim']);
    ask('read', { version: 1 });
    ask('lookup', 'in its turn');
    expect(told).to.have.length(3);
    disk.end(null);
    expect(told.slice(3)).to.deep.equal(['read', 'lookup']);
    ask('history', []);
    expect(told.slice(5)).to.deep.equal(['history']);
    for (const each of [database, other]) each.close();
  });

  it('is told to nobody when the disk refuses, and nothing more until the log is in the file', () => {
    const database = openSqlite(file, 1_000);
    database.exec('CREATE TABLE t (a)');
    const disk = new HeldDisk();
    const durability = new SqliteDurability(database, disk as never);
    const told: string[] = [];
    const commit = (name: string): void => {
      durability.after([{ name: 'commit', args: [] }], [{ answer: 1 }], (error) =>
        told.push(`${name}: ${String(error)}`),
      );
      durability.tellNext();
    };
    commit('a');
    commit('b');
    expect(disk.syncs).to.equal(1);
    disk.end(new Error('refused'));
    // A sync of what came while that was under way might succeed, and the log be spoiled before it.
    expect(told).to.deep.equal(['a: Error: refused', 'b: Error: refused']);
    expect(disk.syncs).to.equal(1);
    database.exec('INSERT INTO t VALUES (1)');
    expect(statSync(`${file}-wal`).size).to.be.greaterThan(0);
    durability.require();
    expect(statSync(`${file}-wal`).size).to.equal(0);
    database.close();
  });

  /** The files as they are on the disk when the power is lost after so many bytes of the log were synced; what came behind is torn. */
  function afterPowerLoss(syncedBytes: number, torn: number): string {
    const after = join(folder, `after-${syncedBytes}-${torn}.db`);
    copyFileSync(file, after);
    const log = readFileSync(`${file}-wal`);
    const tail = Buffer.from(log.subarray(syncedBytes, syncedBytes + torn));
    // The last block is there in parts.
    tail.fill(0xa5, Math.floor(tail.length / 2));
    writeFileSync(`${after}-wal`, Buffer.concat([log.subarray(0, syncedBytes), tail]));
    return after;
  }

  it('brings all that was acknowledged through a loss of power, whatever of the claims and registrations behind it is lost', async () => {
    const before = await OpenSqlite.open(file);
    const { storage, directory } = before;
    const acknowledged = new Map<string, number>();
    const cuts: { readonly bytes: number; readonly acknowledged: ReadonlyMap<string, number> }[] = [];
    for (let round = 0; round < 12; round++) {
      // Claims that are not synced come before the commit of another actor, and behind it.
      await storage.claim(`shop/Cart/claimed-${round}`);
      await directory.register(registration(`shop/Cart/${round % 4}`));
      acknowledged.set(`shop/Cart/${round % 4}`, await commitOnce(storage, `shop/Cart/${round % 4}`));
      cuts.push({ bytes: statSync(`${file}-wal`).size, acknowledged: new Map(acknowledged) });
      await storage.claim(`shop/Cart/${round % 3}`);
      await directory.unregister(`shop/Cart/${round % 4}`, 'n#1/none');
    }
    expect(new Set(cuts.map(({ bytes }) => bytes)).size, 'the log was never begun again').to.equal(cuts.length);
    for (const cut of cuts)
      for (const torn of [0, 3_000, 4_120, 9_000]) {
        const database = openSqlite(afterPowerLoss(cut.bytes, torn), 1_000);
        for (const [actor, version] of cut.acknowledged) {
          const row = database.prepare('SELECT version, epoch FROM actor_state WHERE actor = ?').get(actor);
          expect(Number(row?.['version']), `${actor} after ${cut.bytes} and ${torn} bytes`).to.be.at.least(version);
        }
        database.close();
      }
    // The spec would see a commit that was not synced: without the end of its frames it is lost.
    const [last] = cuts.slice(-1);
    const database = openSqlite(afterPowerLoss((last?.bytes ?? 0) - 100, 0), 1_000);
    const found = database.prepare('SELECT version FROM actor_state WHERE actor = ?').get('shop/Cart/3');
    expect(Number(found?.['version'])).to.be.below(last?.acknowledged.get('shop/Cart/3') ?? 0);
    database.close();
    await before.close();
  });
});
