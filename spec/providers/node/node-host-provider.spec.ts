import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { expect } from 'chai';
import { NodeHostProvider, processStatus } from '../../../lib/providers/node/node-host-provider';

describe('The kernel, asked whether a process has ended', function () {
  const host = new NodeHostProvider();
  before(function () {
    if (!existsSync('/proc/self/ns/pid')) this.skip();
  });

  it('says no of one that runs, and of this one', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    try {
      expect(host.hasEnded(identityOf(child.pid as number))).to.equal(false);
      expect(host.hasEnded(host.identity)).to.equal(false);
    } finally {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
  });

  it('says no of one that stands still', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'ignore' });
    const identity = identityOf(child.pid as number);
    child.kill('SIGSTOP');
    while (processStatus(child.pid as number)?.state !== 'T') await new Promise((done) => setTimeout(done, 10));
    expect(host.hasEnded(identity)).to.equal(false);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(host.hasEnded(identity)).to.equal(true);
  });

  it('says yes of one that is dead and was not waited for by its parent', async () => {
    // The shell starts a process, tells its number, and becomes a program that never waits for it.
    const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], { stdio: ['ignore', 'pipe', 'ignore'] });
    const [told] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(told.toString());
    const identity = identityOf(pid);
    expect(host.hasEnded(identity)).to.equal(false);
    while (processStatus(pid)?.state !== 'Z') await new Promise((done) => setTimeout(done, 10));
    expect(host.hasEnded(identity)).to.equal(true);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  });

  it('says yes when the number was given to another process', () => {
    expect(host.hasEnded({ ...host.identity, startedAt: '1' })).to.equal(true);
  });

  it('says no of processes of other machines, of other spaces of process numbers, and of those of which it does not know enough', () => {
    const gone = { ...host.identity, pid: 2 ** 22 + 1 };
    expect(host.hasEnded(gone)).to.equal(true);
    expect(host.hasEnded({ ...gone, machine: 'another boot' })).to.equal(false);
    expect(host.hasEnded({ ...gone, machine: '' })).to.equal(false);
    expect(host.hasEnded({ ...gone, startedAt: '' })).to.equal(false);
  });

  function identityOf(pid: number): typeof host.identity {
    return { ...host.identity, pid, startedAt: processStatus(pid)?.startedAt ?? '' };
  }
});
