import { expect } from 'chai';
import { MoonpoolError } from '../../../lib/errors/moonpool-error';
import type { TimelineEvent } from '../../../lib/simulation/timeline/timeline';
import { planSimulation } from '../../../lib/simulation/seed-run/simulation-class';
import { noteSimulationTest, type SimulationOptions } from '../../../lib/metadata/simulation-record';
import { grid, layOut } from '../../../lib/simulation/topology/layout';
import { onCluster, untilAnswered } from '../cluster/cluster-fixture';
import { withoutMocha } from '../runner/without-mocha';
import { Ledger } from '../cluster/ledger-fixture';

const twoByTwo = { datacenters: 2, zones: 2, machines: 1, processes: 2 };

describe('A topology', () => {
  it('is a grid, without places', () => {
    const { nodes, clients } = layOut({ topology: grid(10, 4) });
    expect([clients.length, nodes.length]).to.deep.equal([10, 4]);
    expect(new Set([...nodes, ...clients])).to.deep.equal(new Set([undefined]));
    expect(layOut({}).nodes).to.have.length(3);
  });

  it('is a hierarchy, in which every place has a name of its own and clients stand everywhere', () => {
    const { nodes, clients } = layOut({ clients: 3, topology: { ...twoByTwo, machines: 2 } });
    expect(nodes).to.have.length(16);
    expect(new Set(nodes.map((place) => place?.datacenter)).size).to.equal(2);
    expect(new Set(nodes.map((place) => place?.zone)).size).to.equal(4);
    expect(new Set(nodes.map((place) => place?.machine)).size).to.equal(8);
    expect(clients.map((place) => place?.zone)).to.deep.equal(['dc1-z1', 'dc1-z2', 'dc2-z1']);
  });

  it('is refused when its counts are none, or when nodes are given too', () => {
    class Wrong {
      static readonly actors = [Ledger];
      none(): void {}
      both(): void {}
    }
    const enrol = (method: string, options: SimulationOptions) => () =>
      noteSimulationTest(Wrong, { method, seeds: 1, options, isStaticMember: false });
    withoutMocha(enrol('none', { topology: { zones: 0.5 } }));
    withoutMocha(enrol('both', { nodes: 3, topology: { zones: 2 } }));
    expect(() => planSimulation(Wrong)).to.throw(
      MoonpoolError,
      /topology\.zones of @SimulationTest of none .* 0\.5 was given.*@SimulationTest of both has both the options nodes and topology/,
    );
  });
});

describe('A cluster with a hierarchy', () => {
  it('knows its places by their tags', () =>
    onCluster(
      async ({ places, nodes }) => {
        expect(places.tags).to.deep.equal([
          'dc1',
          'dc1-z1',
          'dc1-z1-m1',
          'dc1-z2',
          'dc1-z2-m1',
          'dc2',
          'dc2-z1',
          'dc2-z1-m1',
          'dc2-z2',
          'dc2-z2-m1',
        ]);
        expect(places.nodes('dc2').map(({ name }) => name)).to.deep.equal(['node5', 'node6', 'node7', 'node8']);
        expect(nodes[7]?.tags).to.deep.equal(['dc2', 'dc2-z2', 'dc2-z2-m1']);
        expect(() => places.nodes('dc3')).to.throw(
          /No node stands in 'dc3'\. Name a place that the topology of the cluster has: dc1, /,
        );
      },
      { topology: twoByTwo },
    ));

  it('loses all processes of a machine with its power, and one of them with that process', () =>
    onCluster(
      async (cluster) => {
        const [one] = cluster.nodes;
        if (one === undefined) throw new Error('There are no nodes.');
        await cluster.crash(one, 'power');
        expect(cluster.runningNodes).to.deep.equal(['node3', 'node4', 'node5', 'node6', 'node7', 'node8']);
        await cluster.places.restart('dc1-z1-m1');
        await cluster.crash(one, 'process');
        expect(cluster.runningNodes).to.have.length(7).and.to.not.include('node1');
      },
      { topology: twoByTwo },
    ));

  it('goes on when a datacenter dies, and takes it back', () =>
    onCluster(
      async (cluster) => {
        const keys = Array.from({ length: 8 }, (_, index) => `k${index}`);
        for (const key of keys) await cluster.client().actor(Ledger, key).append(1);
        await cluster.places.crash('dc1');
        expect(cluster.runningNodes).to.deep.equal(['node5', 'node6', 'node7', 'node8']);
        for (const key of keys) await untilAnswered(cluster, () => cluster.client().actor(Ledger, key).append(2));
        await cluster.places.restart('dc1');
        await cluster.quiesce();
        for (const key of keys) expect(await cluster.client().actor(Ledger, key).entries()).to.deep.equal([1, 2]);
      },
      { topology: twoByTwo },
    ));

  it('parts places from each other, and one place from all the rest', async () => {
    const events: TimelineEvent[] = [];
    await onCluster(
      async (cluster) => {
        const [first] = cluster.places.nodes('dc1');
        const reach = () =>
          first?.runtime
            ?.actor(Ledger, 'x')
            .$with({ timeoutMs: 500 })
            .entries()
            .then(
              () => true,
              () => false,
            );
        cluster.places.partition('dc1', 'dc2', 300);
        await cluster.sleep(400);
        expect(await reach()).to.equal(true);
        cluster.places.isolate('dc1', { fromStore: true });
        await cluster.sleep(5_000);
        cluster.heal();
        await cluster.quiesce();
      },
      { topology: { datacenters: 2, processes: 2 }, run: { onEvent: (event) => events.push(event) } },
    );
    const fenced = events.filter(({ name }) => name === 'lease-lost').map(({ node }) => node);
    expect([...new Set(fenced)].sort()).to.deep.equal(['node1', 'node2']);
  });
});
