import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { retry } from 'moonpool';
import { until } from '../process-fleet';
import { Desk, startKillNode } from './kill-node';

/** By default. */
const LEASE_MS = 10_000;

describe('A process that is killed', function () {
  this.timeout(40_000);

  before(function () {
    // Whether a process has ended the kernel tells on Linux alone.
    if (process.platform !== 'linux') this.skip();
  });

  it('is followed by another node long before its lease has run out', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'moonpool-kills-'));
    const file = join(folder, 'kills.db');
    const stays = await startKillNode('stays', file);
    const dies = fork(join(__dirname, 'kill-node.js'), ['dies', file]);
    try {
      await once(dies, 'message');
      await until('both nodes know of each other', () => stays.inspect().membership.members.length === 2, LEASE_MS);
      let key = 0;
      while ((await stays.actor(Desk, `desk-${key}`).whereabouts()) !== 'dies') key++;
      const killedAt = performance.now();
      dies.kill('SIGKILL');
      const node = await retry(() => stays.actor(Desk, `desk-${key}`).whereabouts(), { deadlineMs: LEASE_MS });
      expect(node).to.equal('stays');
      expect(performance.now() - killedAt).to.be.below(LEASE_MS / 2);
    } finally {
      dies.kill('SIGKILL');
      await stays.shutdown();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
