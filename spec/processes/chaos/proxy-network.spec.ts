import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { ActorRuntime, isMoonpoolError } from 'moonpool';
import { WitnessCapture } from '../../../lib/simulation/workloads/witness-capture';
import { silent, until } from '../process-fleet';
import { List, Register } from './chaos-actors';
import { chaosParts, NAMESPACE } from './chaos-setting';
import type { Cut, Way } from './network-cut';
import { ProxyNetwork } from './proxy-network';

const TIMEOUT_MS = 300;
/** More than a connection took to be made: by so much a node may take a call for too late in the first ten seconds of the connection. */
const GENEROUS_MS = 3_000;
const THERE: Way = { from: 'client', to: 'node' };
const BACK: Way = { from: 'node', to: 'client' };

describe('A network of proxies', () => {
  const folder = mkdtempSync(join(tmpdir(), 'moonpool-proxies-'));
  const network = new ProxyNetwork(NAMESPACE);
  let node: ActorRuntime;
  let client: ActorRuntime;

  before(async () => {
    const setting = {
      store: { engine: 'sqlite', file: join(folder, 'p.db') },
      leaseMs: 10_000,
      isCareless: false,
    } as const;
    const options = (name: string) => {
      const parts = chaosParts(name, setting, new WitnessCapture());
      return { ...parts, inProcess: false, modules: [...(parts.modules ?? []), silent] };
    };
    const listen = join(folder, 'node.sock');
    const advertise = await network.front('node', listen);
    node = await ActorRuntime.start({ ...options('node'), listen: `unix:${listen}`, advertise });
    client = await ActorRuntime.connect(options('client'));
    expect(node.address).to.equal(advertise);
    await write();
  });
  after(async () => {
    await client.shutdown();
    await node.shutdown();
    await network.close();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(async () => {
    network.heal();
    await until('the client reaches the node', async () => (await write(GENEROUS_MS)) === 'ok');
  });

  /** What the client learns of a write: `ok`, or code and `executed` of the error. */
  async function write(timeoutMs = TIMEOUT_MS): Promise<string> {
    try {
      await client.actor(Register, 'r').$with({ timeoutMs }).write('value');
      return 'ok';
    } catch (error) {
      if (!isMoonpoolError(error)) throw error;
      return `${error.code} ${error.executed}`;
    }
  }

  function begin(kind: Cut['kind'], ...ways: readonly Way[]): Cut {
    const cut = { kind, ways };
    network.begin(cut);
    return cut;
  }

  it('breaks the connections of a pair, and those that it makes while it is cut', async () => {
    begin('breaks', THERE, BACK);
    expect(await write()).to.match(/^(NODE_UNREACHABLE no|CONNECTION_LOST (no|maybe)|CALL_TIMEOUT (no|maybe))$/);
    expect(await write()).to.match(/^(NODE_UNREACHABLE|CALL_TIMEOUT) no$/);
  });

  it('leaves others alone', async () => {
    begin('breaks', { from: 'other', to: 'node' }, { from: 'node', to: 'other' });
    expect(await write()).to.equal('ok');
  });

  it('holds one way, and lets pass what was held when that is over', async () => {
    const cut = begin('holds', BACK);
    const answer = client.actor(Register, 'r').write('held');
    expect(await Promise.race([answer.then(() => 'answered'), write()])).to.equal('CALL_TIMEOUT maybe');
    expect(await node.actor(Register, 'r').read()).to.be.oneOf(['held', 'value']);
    network.end(cut);
    await answer;
  });

  it('holds what a process says first on a connection that it makes meanwhile, and lets it pass', async () => {
    const held = begin('holds', THERE);
    network.end(begin('breaks', THERE, BACK));
    // It is repeated until there is a connection, for less time than it takes until a handshake is given up and another connection is made.
    const answer = client.actor(List, 'l').$with({ timeoutMs: 1_900 }).append('value');
    await sleep(500);
    network.end(held);
    await answer;
  });

  it('holds the other way: nothing arrives', async () => {
    await node.actor(Register, 'r').write('before');
    begin('holds', THERE);
    expect(await write()).to.equal('CALL_TIMEOUT maybe');
    expect(await node.actor(Register, 'r').read()).to.equal('before');
  });
});
