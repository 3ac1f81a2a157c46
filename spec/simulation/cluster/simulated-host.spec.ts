import { expect } from 'chai';
import { FlowTransport } from 'moonpool/rpc';
import { SimulationTest, type SimulatedCluster } from 'moonpool/simulation';

/** Hosts in a world without a cluster. */
export class HostSimulation {
  @SimulationTest(5, { nodes: 0, clients: 0, chaos: 'calm' })
  async aHostRunsOneProcessAtATimeAndKeepsItsAddress(cluster: SimulatedCluster): Promise<void> {
    const [host, asker] = [cluster.host('server'), cluster.host('asker')];
    const first = await FlowTransport.listen(host.boot());
    expect(first.address).to.equal(host.address);
    expect(() => host.boot()).to.throw('still runs');
    const transport = await FlowTransport.open(asker.boot());
    expect(await transport.ping(host.address)).to.be.greaterThan(0);
    await host.crash('power');
    expect(host.isOn).to.equal(false);
    await cluster.sleep(5_000);
    await FlowTransport.listen(host.boot());
    await transport.ping(host.address, { delivery: 'at-least-once' });
    cluster.partition(host, asker, 10_000);
    const error: unknown = await transport.ping(host.address, { timeoutMs: 5_000 }).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(Error);
  }
}
