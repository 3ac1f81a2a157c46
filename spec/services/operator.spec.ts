import { expect } from 'chai';
import type { ActorRuntime, ContainerModule } from 'moonpool';
import { NodeServices, RpcInterface, RpcMethod } from 'moonpool/rpc';
import { flowModule } from '../../lib/rpc/flow-module';
import { OutgoingRequests } from '../../lib/rpc/outgoing-requests';
import { makeClient } from '../../lib/rpc/rpc-client';
import { describeInterface } from '../../lib/rpc/rpc-descriptor';
import { NodeContainer } from '../../lib/injection/node-container';
import { Operator } from '../../lib/services/operator';
import { ClusterFixture, codeOf, failureOf } from '../activation/cluster-fixture';

const SECRET = 'a secret of the cluster';

@RpcInterface({ id: 0x5e55_0101 })
class ForNodes {
  @RpcMethod(0) async change(): Promise<string> {
    return 'changed';
  }
}

describe('An operator', () => {
  let cluster: ClusterFixture;
  let node: ActorRuntime;
  const opened: { close(): Promise<void> }[] = [];

  beforeEach(async () => {
    cluster = new ClusterFixture([]);
    const served: ContainerModule = {
      name: 'for nodes',
      load: (_, contribute) => contribute(NodeServices, { instance: new ForNodes(), admits: ['node', 'client'] }),
    };
    node = await cluster.node('n1', { modules: cluster.with(served), security: { clusterSecret: SECRET } });
  });
  afterEach(async () => {
    for (const one of opened.splice(0)) await one.close();
    await cluster.shutdown();
  });

  const open = async (namespace: string, clusterSecret?: string): Promise<Operator> => {
    const security = clusterSecret === undefined ? {} : { clusterSecret };
    const operator = await Operator.open({ namespace, security, modules: cluster.with() });
    opened.push(operator);
    return operator;
  };

  it('is told what a node says of itself, and is no member of its cluster', async () => {
    const operator = await open('spec', SECRET);
    const seen = await operator.inspect(node.address, 2_000);
    expect(Object.keys(seen)).to.deep.equal(Object.keys(node.inspect()));
    expect(seen['node']).to.deep.equal(node.inspect().node);
    expect(node.inspect().membership.members).to.have.length(1);
  });

  it('is let in by the secret of the cluster and by its namespace only', async () => {
    for (const [namespace, secret, why] of [
      ['spec', undefined, 'has a cluster secret'],
      ['spec', 'another secret of a cluster', 'does not know the cluster secret'],
      ['other', SECRET, "the cluster 'other' is not that of this side"],
    ] as const) {
      const operator = await open(namespace, secret);
      const error = await failureOf(operator.inspect(node.address, 2_000));
      expect(error.message).to.contain(why).and.to.contain('The request to InspectionService.inspect at ');
    }
  });

  it('gets nothing of what is for nodes and clients', async () => {
    const options = { network: 'spec', security: { clusterSecret: SECRET } };
    const container = new NodeContainer([flowModule(options, 'operator', undefined, 'operator'), ...cluster.with()]);
    await container.start();
    opened.push({ close: () => container.stop() });
    const client = makeClient<ForNodes>(describeInterface(ForNodes), node.address, container.get(OutgoingRequests));
    expect(await codeOf(client.change())).to.equal('ENDPOINT_FORBIDDEN');
  });
});
