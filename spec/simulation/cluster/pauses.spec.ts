import { expect } from 'chai';
import type { TimelineEvent } from '../../../lib/simulation/timeline/timeline';
import { onCluster, untilAnswered } from './cluster-fixture';
import { Ledger } from './ledger-fixture';

/** Longer than the lease, which lasts 3 s. */
const PAST_LEASE_MS = 8_000;

describe('A node whose process stands still', () => {
  it('does nothing meanwhile, and then everything that it has missed', async () => {
    await onCluster(
      async (cluster) => {
        const [node] = cluster.nodes;
        if (node === undefined) throw new Error('The cluster has no node.');
        const ledger = cluster.client().actor(Ledger, 'a');
        await ledger.append(1);
        await cluster.pause(node, 1_500);
        const pausedAt = cluster.now;
        const answer = ledger.append(2);
        let heard = 0;
        cluster.onEvent((event) => (heard += event.node === node.name && event.name !== 'resume' ? 1 : 0));
        await cluster.sleep(1_490);
        expect(heard).to.equal(0);
        expect(await answer).to.equal(2);
        expect(cluster.now - pausedAt).to.be.within(1_500, 1_600);
        expect(node.runtime).to.not.equal(undefined);
      },
      { nodes: 1 },
    );
  });

  it('goes on before its time when the test says so, or the cluster is brought to rest', async () => {
    await onCluster(async (cluster) => {
      const [first, second] = cluster.nodes;
      if (first === undefined || second === undefined) throw new Error('The cluster has too few nodes.');
      await cluster.pause(first, 3_600_000);
      await cluster.pause(second, 3_600_000);
      await cluster.resume(first);
      await cluster.quiesce();
      for (const node of cluster.nodes) {
        const entries = await untilAnswered(cluster, () => cluster.client().actor(Ledger, node.name).append(1));
        expect(entries).to.equal(1);
      }
      expect(cluster.now).to.be.lessThan(60_000);
    });
  });

  it('may be killed while it stands still, and starts again', async () => {
    await onCluster(async (cluster) => {
      const [node] = cluster.nodes;
      if (node === undefined) throw new Error('The cluster has no node.');
      await cluster.pause(node, 2_000);
      await cluster.crash(node, 'process');
      await cluster.restart(node);
      await cluster.sleep(10_000);
      expect(cluster.runningNodes).to.have.length(3);
    });
  });

  it('finds its lease lost when it was away for too long, fences itself and starts again, and no stale write of it is accepted', async () => {
    let fenced = 0;
    let moved = 0;
    for (let seed = 1; seed <= 25; seed++) {
      const events: TimelineEvent[] = [];
      await onCluster(
        async (cluster) => {
          const [node] = cluster.nodes;
          if (node === undefined) throw new Error('The cluster has no node.');
          const keys = Array.from({ length: 6 }, (_, key) => `k${key}`);
          const appendAll = (entry: number) =>
            Promise.all(
              keys.map((key) => untilAnswered(cluster, () => cluster.client().actor(Ledger, key).append(entry))),
            );
          await appendAll(0);
          // In the midst of turns, whose writes may be on their way.
          const during = appendAll(1);
          await cluster.sleep(8 * cluster.random.fraction());
          await cluster.pause(node, PAST_LEASE_MS);
          await during;
          expect(cluster.now).to.be.lessThan(PAST_LEASE_MS);
          await appendAll(2);
          await cluster.sleep(2 * PAST_LEASE_MS);
          for (const key of keys) expect(await cluster.client().actor(Ledger, key).entries()).to.deep.equal([0, 1, 2]);
          expect(cluster.runningNodes).to.have.length(3);
        },
        { seed, run: { onEvent: (event) => void events.push(event) } },
      );
      if (events.some(({ name, fields }) => name === 'terminated' && fields['reason'] === 'fenced')) fenced++;
      if (events.some(({ name, node, at }) => name === 'activate' && node !== 'node1' && at > 4_000)) moved++;
    }
    expect(fenced).to.equal(25);
    expect(moved).to.be.greaterThan(10);
  });
});
