import { expect } from 'chai';
import { Actor, ActorRuntime, Handler, isMoonpoolError, memory, type CallOptions } from 'moonpool';
import { Lease } from '../../lib/cluster/lease';
import { Deferred } from '../../lib/concurrency/deferred';

let gate = new Deferred<void>();

@Actor({ name: 'Gate' })
class Gate {
  @Handler() async pass(): Promise<string> {
    await gate.promise;
    return 'passed';
  }
  @Handler({ share: true }) async same(value: object): Promise<object> {
    return value;
  }
  @Handler() async change(list: number[]): Promise<number[]> {
    list.push(4);
    return list;
  }
}

describe('Nodes of one process', () => {
  let node: ActorRuntime;
  let client: ActorRuntime;

  beforeEach(async () => {
    gate = new Deferred();
    const cluster = { namespace: 'spec', actors: [Gate], modules: [memory()] };
    node = await ActorRuntime.start({ ...cluster, name: 'n1' });
    client = await ActorRuntime.connect(cluster);
  });
  afterEach(async () => {
    gate.resolve();
    await client.shutdown();
    await node.shutdown();
  });

  const ask = (options: CallOptions = {}): Promise<string> => client.actor(Gate, 'g').$with(options).pass();

  it('pass what is shared as it is, and copies of everything else', async () => {
    const shared = { a: 1 };
    const mine = [1, 2, 3];
    expect(await client.actor(Gate, 'g').same(shared)).to.equal(shared);
    expect(await client.actor(Gate, 'g').change(mine)).to.deep.equal([1, 2, 3, 4]);
    expect(mine).to.deep.equal([1, 2, 3]);
  });

  it('make no connection for it', async () => {
    await client.actor(Gate, 'g').same({});
    expect(client.inspect()['peers']).to.deep.include({ outgoing: {}, callsInProcess: 1 });
  });

  it('are not answered by one that has lost its lease: the outcome is in doubt, and the node is named', async () => {
    const answer = ask().catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 20));
    Object.defineProperty(node.service(Lease), 'held', { value: false });
    gate.resolve();
    const error = await answer;
    expect(isMoonpoolError(error, 'NODE_FENCED') && error.executed).to.equal('maybe');
    expect((error as Error).message).to.contain(
      `got no answer: its node ${node.node.name}#${node.node.incarnation} has lost its lease`,
    );
  });

  it('are asked no more when they have shut down', async () => {
    await node.shutdown();
    const error = await ask({ timeoutMs: 500 }).catch((reason: unknown) => reason);
    expect(isMoonpoolError(error) && error.executed).to.equal('no');
  });
});
