import { expect } from 'chai';
import { StateRegistry } from '../../../../lib/observability/state-registry';
import type { SimulatedCluster } from '../../../../lib/simulation/cluster/simulated-cluster';
import { onCluster, tryCluster } from '../../cluster/cluster-fixture';
import { Ledger } from '../../cluster/ledger-fixture';

/** Lets the client say that it keeps so many routes. */
function keep(cluster: SimulatedCluster, routes: () => number): void {
  cluster
    .client()
    .service(StateRegistry)
    .publish('kept', () => ({ routes: routes() }));
}

describe('A cluster at rest', () => {
  it('keeps nothing for calls that are over, in a hostile world too', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      await onCluster(
        async (cluster) => {
          await Promise.allSettled(
            Array.from({ length: 10 }, (_, index) =>
              cluster
                .client()
                .actor(Ledger, `k${index % 3}`)
                .$with({ timeoutMs: 2_000 })
                .append(index),
            ),
          );
          await cluster.quiesce();
        },
        { seed, chaos: 'hostile' },
      );
    }
  });

  it('fails its run when something is left though nothing is under way, and names it', async () => {
    const { error } = await tryCluster(async (cluster) => {
      keep(cluster, () => 3);
      await cluster.quiesce();
    });
    expect(String(error)).to.contain(
      "'nothing is left at rest' does not hold: nothing is under way, and there are routes of client1",
    );
  });

  it('is given time, and is not looked at where the test has disturbed it, or never brought it to rest', async () => {
    await onCluster(async (cluster) => {
      const until = cluster.now + 1_000;
      keep(cluster, () => (cluster.now < until ? 1 : 0));
      await cluster.quiesce();
    });
    await onCluster(async (cluster) => keep(cluster, () => 1));
    await onCluster(async (cluster) => {
      keep(cluster, () => 1);
      await cluster.quiesce();
      const [first, second] = cluster.nodes;
      if (first !== undefined && second !== undefined) cluster.partition(first, second);
    });
  });
});
