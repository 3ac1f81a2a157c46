import { expect } from 'chai';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import type { TimelineEvent } from '../../../lib/simulation/timeline/timeline';
import { onCluster, tryCluster, untilAnswered } from './cluster-fixture';
import { Ledger } from './ledger-fixture';

/** How long every actor may take to answer when the cluster is at rest, in milliseconds. */
const PROGRESS_MS = 10_000;

/** Every one of some actors, old and new, answers every client in time. */
async function progresses(cluster: SimulatedCluster): Promise<void> {
  const restAt = cluster.now;
  for (let key = 0; key < 12; key++)
    await untilAnswered(cluster, () => cluster.client().actor(Ledger, `k${key}`).append(key));
  expect(cluster.now - restAt).to.be.lessThan(PROGRESS_MS);
}

describe('A cluster that is brought to rest', () => {
  it('makes progress with a core of its nodes alone, the others being dead or cut off for good', async () => {
    const fates = new Set<string>();
    for (let seed = 1; seed <= 20; seed++) {
      await onCluster(
        async (cluster) => {
          for (let entry = 0; entry < 10; entry++) {
            await untilAnswered(cluster, () =>
              cluster
                .client()
                .actor(Ledger, `k${entry % 6}`)
                .append(entry),
            );
            await cluster.sleep(300);
          }
          const core = await cluster.quiesce({ survivors: 'core' });
          expect(core).to.have.length(3);
          await progresses(cluster);
          for (const node of core) expect(node.runtime, `seed ${seed}`).to.not.equal(undefined);
        },
        {
          seed,
          nodes: 5,
          chaos: 'hostile',
          run: {
            onEvent: ({ name, fields }: TimelineEvent) => {
              if (name === 'left-out') fates.add(String(fields['how']));
            },
          },
        },
      );
    }
    expect([...fates].sort()).to.deep.equal(['cut-off', 'down']);
  });

  it('never starts a node again that is left down, though it was to come back from a crash', async () => {
    for (let seed = 1; seed <= 15; seed++) {
      await onCluster(
        async (cluster) => {
          await cluster.sleep(8_000);
          const core = await cluster.quiesce({ survivors: 'core', outside: 'down' });
          await cluster.sleep(15_000);
          const others = cluster.nodes.filter((node) => !core.includes(node));
          expect(
            others.map((node) => node.isOn),
            `seed ${seed}`,
          ).to.deep.equal([false, false]);
        },
        { seed, nodes: 5, chaos: 'hostile' },
      );
    }
  });

  it('waits for nodes that are shutting down, and starts them again', async () => {
    await onCluster(async (cluster) => {
      const [first] = cluster.nodes;
      const before = first?.runtime;
      void first?.shutdown();
      const nodes = await cluster.quiesce();
      expect(first?.runtime === before, 'the life that was shutting down').to.equal(false);
      await cluster.sleep(10_000);
      for (const node of nodes) expect(node.isServing, node.name).to.equal(true);
    });
  });

  it('fails when it does not recover in the time that it is given', async () => {
    // A node that was cut off is a member until its lease has run out.
    const { error } = await tryCluster(
      async (cluster) => void (await cluster.quiesce({ survivors: 'core', outside: 'cut-off', withinMs: 1_000 })),
    );
    expect(error).to.have.property('code', 'SIMULATION_FAILED');
    expect(String(error)).to.contain('did not recover within 1000 ms');
  });
});
