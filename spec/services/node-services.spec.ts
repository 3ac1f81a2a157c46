import { expect } from 'chai';
import { IsInt } from 'class-validator';
import { isMoonpoolError, type ActorRuntime, type ContainerModule } from 'moonpool';
import { NodeServices, RpcInterface, RpcMethod } from 'moonpool/rpc';
import { ClusterFixture, codeOf, failureOf, Gates, pause } from '../activation/cluster-fixture';
import { PlainPeer } from '../wire/plain-peer';

class Range {
  @IsInt() from!: number;
  @IsInt() to!: number;
}

@RpcInterface({ id: 0x5e55_0001 })
class Ranges {
  readonly gates = new Gates();
  asked = 0;

  @RpcMethod(0) async width({ from, to }: Range): Promise<number> {
    this.asked++;
    return to - from;
  }

  @RpcMethod(1) async wait(name: string): Promise<string> {
    await this.gates.wait(name);
    return name;
  }
}

/** For whoever may connect. */
@RpcInterface({ id: 0x5e55_0002 })
class Gateway {
  @RpcMethod(0) async greet(name: string): Promise<string> {
    return `hello, ${name}`;
  }
}

@RpcInterface({ id: 0x5e55_0003 })
class Absent {
  @RpcMethod(0) async ask(): Promise<void> {}
}

describe('Services of nodes', () => {
  let cluster: ClusterFixture;
  let ranges: Ranges;
  let one: ActorRuntime;
  let two: ActorRuntime;
  let client: ActorRuntime;

  beforeEach(async () => {
    cluster = new ClusterFixture([]);
    ranges = new Ranges();
    const served: ContainerModule = {
      name: 'ranges',
      load: (_, contribute) => {
        contribute(NodeServices, { instance: ranges, admits: ['node'], capacity: 2 });
        contribute(NodeServices, { instance: new Gateway(), admits: ['node', 'client'] });
      },
    };
    one = await cluster.node('n1');
    two = await cluster.node('n2', { modules: cluster.with(served) });
    client = await cluster.client({ name: 'till' });
  });
  afterEach(async () => {
    ranges.gates.openAll();
    await cluster.shutdown();
  });

  it('that modules contribute are asked by other nodes on the connections of the cluster, as typed methods', async () => {
    expect(await one.endpoint(Ranges, two.address).width({ from: 3, to: 10 })).to.equal(7);
    const error = await failureOf(one.endpoint(Ranges, two.address).width({ from: 3, to: 'far' as never }));
    expect(error).to.include({ code: 'INVALID_PAYLOAD', executed: 'no' });
    expect(ranges.asked).to.equal(1);
    // Both nodes have greeted when they joined, and that connection is used.
    expect(two.inspect().peers.incoming).to.be.at.most(2);
  });

  it('are for those whose role they admit, and for nobody else', async () => {
    expect(await client.endpoint(Gateway, two.address).greet('till')).to.equal('hello, till');
    const refused = await failureOf(client.endpoint(Ranges, two.address).width({ from: 1, to: 2 }));
    expect(refused).to.include({ code: 'ENDPOINT_FORBIDDEN', executed: 'no' });
    expect(await codeOf(client.inspectAt(two.address))).to.equal('ENDPOINT_FORBIDDEN');
    expect(ranges.asked).to.equal(0);
  });

  it('that a node does not have are refused by name', async () => {
    const error = await failureOf(one.endpoint(Absent, two.address).ask());
    expect(error).to.include({ code: 'ENDPOINT_NOT_FOUND', executed: 'no' });
  });

  it('have deadlines and limits, and can be given up, as every fixed endpoint', async () => {
    const asker = one.endpoint(Ranges, two.address);
    await asker.width({ from: 0, to: 1 });
    const controller = new AbortController();
    const waiting = [asker.$with({ timeoutMs: 20 }).wait('a'), asker.$with({ signal: controller.signal }).wait('b')];
    const outcomes = Promise.allSettled(waiting);
    await pause(50);
    expect(await codeOf(asker.wait('c'))).to.equal('REQUEST_STREAM_FULL');
    controller.abort();
    const codes = (await outcomes).map((outcome) =>
      outcome.status === 'rejected' && isMoonpoolError(outcome.reason) ? outcome.reason.code : outcome.status,
    );
    expect(codes).to.deep.equal(['CALL_TIMEOUT', 'CALL_CANCELLED']);
  });

  it('lose no request silently when their node ends', async () => {
    await one.probe(two.address);
    const asked = failureOf(one.endpoint(Ranges, two.address).wait('for ever'));
    await pause(50);
    const ended = two.shutdown();
    expect(await asked).to.include({ code: 'BROKEN_PROMISE', executed: 'maybe' });
    await ended;
  });

  it('are asked by no process that has ended: nothing is dialled that nobody would close', async () => {
    await client.probe(one.address);
    for (const runtime of [client, two]) {
      await runtime.shutdown();
      const { incoming } = one.inspect().peers;
      for (const late of [() => runtime.probe(one.address), () => runtime.inspectAt(one.address)])
        expect(await failureOf(late())).to.include({ code: 'RUNTIME_NOT_READY', executed: 'no' });
      const late = runtime.endpoint(Ranges, one.address);
      expect(await failureOf(late.wait('for ever'))).to.include({ code: 'TRANSPORT_CLOSED', executed: 'no' });
      expect(() => runtime.endpoint(Ranges, one.address).$send.wait('for ever')).to.throw('TRANSPORT_CLOSED');
      await pause(20);
      expect(one.inspect().peers.incoming).to.equal(incoming);
    }
  });

  it('tell whoever asks that a process answers, and which it is', async () => {
    expect(await one.probe(two.address)).to.deep.equal({
      node: `n2#${two.node.incarnation}`,
      role: 'node',
    });
    expect((await client.probe(one.address)).node).to.equal(`n1#${one.node.incarnation}`);
    const error = await failureOf(one.probe('127.0.0.1:1'));
    expect(error).to.include({ code: 'NODE_UNREACHABLE', executed: 'no' });
  });

  it('tell a node what another one says of itself, and what a client does that is connected to it', async () => {
    const seen = await one.inspectAt(two.address);
    expect(seen.node).to.deep.equal(two.inspect().node);
    expect(Object.keys(seen)).to.deep.equal(Object.keys(two.inspect()));
    await client.probe(one.address);
    expect((await one.inspectAt('client:till')).node).to.deep.equal(client.inspect().node);
    expect(await codeOf(one.inspectAt('client:nobody'))).to.equal('NODE_UNREACHABLE');
  });

  it('are asked of no process of 0.1.0, which would not answer', async () => {
    const hello = { role: 1, cluster: 'spec', name: 'old', incarnation: 9, address: '', protocol: 2 } as const;
    const old = await PlainPeer.greet(one.address, hello);
    const error = await failureOf(one.inspectAt('client:old'));
    expect(error).to.include({ code: 'FEATURE_MISSING', executed: 'no' });
    expect(error.message).to.contain(
      "old#9 speaks version 2 of the protocol and does not have the feature 'endpoints'",
    );
    old.leave();
  });

  it('that are declared wrongly are reported before the node starts', async () => {
    const wrong: ContainerModule = {
      name: 'wrong',
      load: (_, contribute) => contribute(NodeServices, { instance: new Gateway(), admits: ['everybody' as never] }),
    };
    const error = await failureOf(cluster.node('n3', { modules: cluster.with(wrong) }));
    expect(error.message).to.contain('admits');
    const plain: ContainerModule = {
      name: 'plain',
      load: (_, contribute) => contribute(NodeServices, { instance: {}, admits: ['node'] }),
    };
    expect(await codeOf(cluster.node('n3', { modules: cluster.with(plain) }))).to.equal('INVALID_RPC_INTERFACE');
  });
});
