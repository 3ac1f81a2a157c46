import { expect } from 'chai';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import type { SimulatedNode } from '../../../lib/simulation/world/simulated-node';
import { tryCluster, untilAnswered } from './cluster-fixture';
import { Ledger } from './ledger-fixture';

const KEYS = Array.from({ length: 6 }, (_, key) => `k${key}`);

/**
 * A node is cut off from the other nodes and the store, and not from a client that goes on to call it. Its clock runs at the one rate, those of
 * the others, who take over its actors, at the other.
 */
async function cutOff(cluster: SimulatedCluster, slowRate: number, fastRate: number): Promise<void> {
  const [slow, ...others] = cluster.nodes as [SimulatedNode, ...SimulatedNode[]];
  slow.runClockAt(slowRate);
  for (const other of others) other.runClockAt(fastRate);
  await cluster.sleep(5_000);
  for (const key of KEYS) await untilAnswered(cluster, () => cluster.client(0).actor(Ledger, key).append(0));
  cluster.partitionBy('bridge', slow);
  cluster.partitionBy('store-only', slow);
  const until = cluster.now + 10_000;
  // Reads, which write nothing that the store could refuse.
  const readFrom = async (client: number, key: string) => {
    while (cluster.now < until) {
      await cluster
        .client(client)
        .actor(Ledger, key)
        .entries()
        .catch(() => undefined);
      await cluster.sleep(20);
    }
  };
  const append = async (key: string) => untilAnswered(cluster, () => cluster.client(1).actor(Ledger, key).append(1));
  const reads = KEYS.flatMap((key) => [readFrom(0, key)]);
  await Promise.all(KEYS.map(append));
  await Promise.all(reads);
}

describe('Clocks that run at different rates', () => {
  it('leave one activation of each actor while they part by no more than 1 in 1,000', async () => {
    for (let seed = 1; seed <= 15; seed++) {
      const { error } = await tryCluster((cluster) => cutOff(cluster, 0.9995, 1.0005), { seed, clients: 2 });
      expect(error, `seed ${seed}`).to.equal(undefined);
    }
  });

  it('bring about two activations of an actor when they part by far more, and the simulation says so', async () => {
    const errors: string[] = [];
    for (let seed = 1; seed <= 15; seed++) {
      const { error } = await tryCluster((cluster) => cutOff(cluster, 0.4, 1.5), { seed, clients: 2 });
      if (error !== undefined) errors.push(String(error));
    }
    expect(errors.length).to.be.greaterThan(5);
    for (const error of errors) expect(error).to.contain("The invariant 'single activation' does not hold");
  });
});
