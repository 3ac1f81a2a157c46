import { expect } from 'chai';
import { isMoonpoolError } from 'moonpool';
import type { SimulatedCluster } from '../../../lib/simulation/cluster/simulated-cluster';
import type { SimulatedNode } from '../../../lib/simulation/world/simulated-node';
import type { TimelineEvent } from '../../../lib/simulation/timeline/timeline';
import { onCluster } from './cluster-fixture';
import { Ledger } from './ledger-fixture';

/** Keys of actors that were activated on each node, by its name. */
async function placeActors(
  cluster: SimulatedCluster,
  events: readonly TimelineEvent[],
): Promise<ReadonlyMap<string, string>> {
  const places = new Map<string, string>();
  for (let key = 0; places.size < cluster.nodes.length; key++) {
    await cluster.client().actor(Ledger, `key${key}`).append(1);
    for (const { name, node, fields } of events) {
      if (name === 'activate' && node !== undefined && !places.has(node))
        places.set(node, String(fields['actor']).split('/')[2] as string);
    }
  }
  return places;
}

/** Runs the body on a calm cluster whose first two nodes have an actor each. */
function onPlacedCluster(
  body: (
    cluster: SimulatedCluster,
    call: (from: SimulatedNode, to: SimulatedNode) => Promise<unknown>,
  ) => Promise<void>,
): Promise<unknown> {
  const events: TimelineEvent[] = [];
  return onCluster(
    async (cluster) => {
      const places = await placeActors(cluster, events);
      const call = (from: SimulatedNode, to: SimulatedNode) =>
        from.runtime?.actor(Ledger, places.get(to.name) as string).append(2) ??
        Promise.reject(new Error('The node is down.'));
      const [one, two] = cluster.nodes as [SimulatedNode, SimulatedNode];
      await call(one, two);
      await call(two, one);
      await body(cluster, call);
    },
    { run: { onEvent: (event) => events.push(event) } },
  );
}

async function isOpenAfter(cluster: SimulatedCluster, ms: number, call: Promise<unknown>): Promise<boolean> {
  let isOpen = true;
  const note = () => (isOpen = false);
  call.then(note, note);
  await cluster.sleep(ms);
  return isOpen;
}

describe('The verbs that disturb the network of a cluster', () => {
  it('clog lets what one node sends to another wait, until its time or until it is freed', () =>
    onPlacedCluster(async (cluster, call) => {
      const [one, two, three] = cluster.nodes as [SimulatedNode, SimulatedNode, SimulatedNode];
      cluster.clog(one, two, { forMs: 500 });
      const first = call(one, two);
      expect(await isOpenAfter(cluster, 400, first)).to.equal(true);
      expect(await isOpenAfter(cluster, 150, first)).to.equal(false);
      cluster.clog(one, two);
      cluster.clog(three, two, { side: 'reading' });
      const second = [call(one, two), call(three, two)];
      expect(await isOpenAfter(cluster, 1_500, Promise.race(second))).to.equal(true);
      cluster.unclog(one, two);
      expect(await isOpenAfter(cluster, 300, second[0] as Promise<unknown>)).to.equal(false);
      expect(await isOpenAfter(cluster, 300, second[1] as Promise<unknown>)).to.equal(true);
      cluster.unclog();
      await Promise.all(second);
    }));

  it('partitionBy keeps machines apart by a shape, for its time', () =>
    onPlacedCluster(async (cluster, call) => {
      const [one, two, three] = cluster.nodes as [SimulatedNode, SimulatedNode, SimulatedNode];
      cluster.partitionBy('bridge', one, 1_000);
      const apart = call(one, two);
      expect(await isOpenAfter(cluster, 900, apart)).to.equal(true);
      await call(two, three);
      await apart;
      expect(cluster.now).to.be.greaterThan(1_000);
    }));

  /** A node that shuts down refuses to send. */
  function send(from: SimulatedNode, to: SimulatedNode, entry: number): void {
    try {
      from.runtime?.actor(Ledger, to.name).$send.append(entry);
    } catch (error) {
      if (!isMoonpoolError(error, 'RUNTIME_NOT_READY')) throw error;
    }
  }

  it('keepStable spares a pair, and nobody else, from what cuts links by chance', async () => {
    const struck = async (keepStable: boolean) => {
      const names: string[] = [];
      const onEvent = ({ name, fields }: TimelineEvent) =>
        void (name === 'fault' && names.push(String(fields['name'])));
      for (let seed = 1; seed <= 25; seed++) {
        await onCluster(
          async (cluster) => {
            const [one, two] = cluster.nodes as [SimulatedNode, SimulatedNode];
            if (keepStable) cluster.keepStable(one, two);
            for (let count = 0; count < 40; count++) {
              for (const from of cluster.nodes) {
                for (const to of cluster.nodes) send(from, to, count);
              }
              await cluster.sleep(50);
            }
          },
          { seed, chaos: 'hostile', run: { onEvent } },
        );
      }
      const cuts = names.filter((name) => name.startsWith('temporary-cut'));
      const between = cuts.filter((name) => /node1>node2|node2>node1/.test(name));
      return [between.length > 0, cuts.length > between.length];
    };
    expect(await struck(false)).to.deep.equal([true, true]);
    expect(await struck(true)).to.deep.equal([false, true]);
  });

  it('swizzle resolves when all links are open again, and calls go through', () =>
    onPlacedCluster(async (cluster, call) => {
      const [one, two] = cluster.nodes as [SimulatedNode, SimulatedNode];
      const begunAt = cluster.now;
      const swizzled = cluster.swizzle({ forMs: 1_500 });
      await cluster.sleep(700);
      const during = call(one, two);
      expect(await isOpenAfter(cluster, 100, during)).to.equal(true);
      await swizzled;
      expect(cluster.now - begunAt).to.be.within(1_500, 1_501);
      await Promise.all([during, call(two, one)]);
    }));
});
