import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { Actor, Handler, type ActorRuntime } from 'moonpool';
import type { ClusterInspection } from '../../../lib/cli/inspect/cluster-inspection';
import { inspect } from '../../../lib/cli/inspect/inspect-command';
import { describeCluster } from '../../../lib/cli/inspect/inspection-text';
import { ClusterFixture, eventually, failureOf, Gates } from '../../activation/cluster-fixture';

const main = join(__dirname, '..', '..', '..', 'lib', 'cli', 'main.js');
const SECRET = 'a secret of the cluster';
const gates = new Gates();

@Actor({ name: 'Desk' })
class Desk {
  @Handler() async wait(gate: string): Promise<void> {
    await gates.wait(gate);
  }
}

describe('The command inspect', function () {
  this.timeout(20_000);
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-'));
  const cluster = new ClusterFixture([Desk]);
  let one: ActorRuntime;
  let two: ActorRuntime;
  let calls: Promise<unknown>;

  before(async () => {
    writeFileSync(join(folder, 'secret'), `${SECRET}\n`);
    const security = { clusterSecret: SECRET };
    one = await cluster.node('n1', { security, labels: { zone: 'a' } });
    two = await cluster.node('n2', { security });
    await eventually(() => one.inspect().membership.members.length === 2);
    calls = Promise.allSettled(['a', 'a', 'a', 'b'].map((key) => one.actor(Desk, key).wait(key)));
    await Promise.all([gates.reached('a'), gates.reached('b')]);
  });
  after(async () => {
    gates.openAll();
    await calls;
    await cluster.shutdown();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (env: NodeJS.ProcessEnv, ...args: string[]) =>
    new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
      const given = { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1', ...env };
      execFile(process.execPath, [main, 'inspect', ...args], { cwd: folder, env: given }, (error, stdout, stderr) =>
        resolve({ code: (error?.code as number | undefined) ?? 0, stdout, stderr }),
      );
    });

  it('shows each node of the cluster, and what the one at the address does', async () => {
    const { code, stdout } = await run({}, one.address, '--namespace', 'spec', '--secret-file', 'secret');
    expect(stdout).to.match(/^spec: view \d+ of n1#1, 2 nodes\n\nnode +address +status +state +lease /);
    for (const { node, address } of [one, two])
      expect(stdout).to.match(new RegExp(`^${node.name}#${node.incarnation} +${address} +active +ready +held `, 'm'));
    expect(stdout).to.match(/^n1#1\n {2}labels +zone=a\n/m);
    expect(stdout).to.match(/^ {2}peers +127\.0\.0\.1:\d+ connected by tcp, n2#2, /m);
    expect(stdout).not.to.match(/^n2#2$/m);
    expect(code).to.equal(0);
  });

  it('takes the secret of the environment, and gives everything as JSON', async () => {
    const { code, stdout } = await run(
      { MOONPOOL_CLUSTER_SECRET: SECRET },
      two.address,
      '--namespace',
      'spec',
      '--json',
    );
    const { seenFrom, members } = JSON.parse(stdout) as ClusterInspection;
    expect(seenFrom).to.equal('n2#2');
    const actors = members.map(({ inspection }) => inspection?.activations?.byType['Desk'] ?? 0);
    expect(actors.reduce((sum, count) => sum + count, 0)).to.equal(2);
    expect(members.flatMap(({ inspection }) => inspection?.activations?.longest ?? [])).to.deep.include({
      actor: 'spec/Desk/a',
      waiting: 2,
    });
    expect(code).to.equal(0);
  });

  it('says why nobody answers, and ends with 1', async () => {
    for (const [address, why] of [
      [one.address, /does not answer: the other side says: .*this side has a cluster secret/],
      ['127.0.0.1:1', /does not answer: no connection to 127\.0\.0\.1:1 could be made/],
    ] as const) {
      const { code, stderr } = await run({}, address, '--namespace', 'spec');
      expect(stderr).to.match(why);
      expect(code).to.equal(1);
    }
  });

  it('refuses what it cannot be used with', async () => {
    const flags = { namespace: 'spec', timeout: '3000' };
    for (const [address, given, why] of [
      ['nowhere', {}, /INVALID_ADDRESS: The address "nowhere"/],
      [one.address, { timeout: 'soon' }, /INVALID_OPTION: --timeout is 'soon'/],
      [one.address, { watch: '0' }, /INVALID_OPTION: --watch is '0'/],
      [one.address, { secretFile: 'none' }, /INVALID_OPTION: The file of --secret-file, none, cannot be read/],
      [one.address, { ca: 'secret' }, /INVALID_OPTION: Of --ca, --cert and --key some are missing/],
    ] as const)
      expect((await failureOf(inspect(address, { ...flags, ...given }))).message).to.match(why);
  });

  it('shows who is dead, and who does not answer and why', () => {
    const members = [
      { node: 'n1#1', address: '127.0.0.1:1', status: 'dead' },
      { node: 'n2#2', address: '127.0.0.1:2', status: 'active', failure: 'no connection could be made' },
    ];
    const seen = { namespace: 'spec', seenFrom: 'n3#3', view: 9, members };
    // Whoever runs the specs may have asked for colours.
    const text = stripVTControlCharacters(describeCluster(seen, new Set(['n2#2'])));
    expect(text).to.match(/^spec: view 9 of n3#3, 1 node\n/);
    expect(text).to.match(/^n1#1 +127\.0\.0\.1:1 +dead$/m);
    expect(text).to.match(/^n2#2 does not answer: no connection could be made$/m);
  });
});
