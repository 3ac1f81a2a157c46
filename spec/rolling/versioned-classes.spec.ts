import { expect } from 'chai';
import { ActorRuntime, Logger, sqlite, type ContainerModule } from 'moonpool';
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FirstTally, SecondTally } from './versioned-actors';

const KEYS = ['k1', 'k2', 'k3', 'k4'];

const quiet: ContainerModule = {
  name: 'quiet',
  load: (bind) => bind(Logger).toValue({ info: () => undefined, warn: () => undefined, error: () => undefined }),
};

describe('Two versions of a class in processes of their own', function () {
  this.timeout(30_000);
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-versions-'));
  const database = join(folder, 'cluster.db');
  const running: ChildProcess[] = [];
  const clients: ActorRuntime[] = [];

  async function node(name: string, version: number): Promise<ChildProcess> {
    const child = fork(join(__dirname, 'versioned-process.js'), [name, `${version}`, database], { silent: true });
    running.push(child);
    const [said] = (await once(child, 'message')) as [unknown];
    expect(said).to.equal('ready');
    return child;
  }

  async function client(actors: readonly (typeof FirstTally | typeof SecondTally)[]): Promise<ActorRuntime> {
    const runtime = await ActorRuntime.connect({
      namespace: 'versions',
      actors,
      modules: [sqlite({ file: database }), quiet],
    });
    clients.push(runtime);
    return runtime;
  }

  async function end(child: ChildProcess): Promise<void> {
    const over = once(child, 'exit');
    child.kill('SIGTERM');
    expect((await over)[0]).to.equal(0);
  }

  after(async () => {
    for (const runtime of clients) await runtime.shutdown();
    for (const child of running) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  it("take each other's place under load, and no call fails", async () => {
    const old = await node('a', 1);
    const early = await client([FirstTally]);
    const over = new AbortController();
    let added = 0;
    const load = KEYS.map(async (key) => {
      while (!over.signal.aborted) {
        await early.actor(FirstTally, key).add(1);
        added++;
      }
    });
    await until(() => added > 40);
    const next = await node('b', 2);
    const late = await client([SecondTally]);
    for (const key of KEYS) expect(await late.actor(SecondTally, key).count()).to.be.greaterThan(0);
    await end(old);
    const before = added;
    await until(() => added > before + 40);
    over.abort();
    await Promise.all(load);
    const totals = await Promise.all(KEYS.map((key) => late.actor(SecondTally, key).add(0)));
    expect(totals.reduce((all, total) => all + total, 0)).to.equal(added);
    await end(next);
  });
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 10));
}
